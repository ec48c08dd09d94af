package io.podwire.testkit.example;

import io.podwire.testkit.assertion.CapturedPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A frame of HTTP/2 (RFC 9113, section 4.1), as far as it can be read from one packet.
 *
 * @param error the code of a RST_STREAM (section 7), 0 for others
 */
record Http2Frame(int type, int stream, int error) {
  static final int SETTINGS = 4;
  static final int RST_STREAM = 3;
  static final int CANCEL = 8;

  /** What a client begins with (section 3.4). */
  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private static final int HEADER = 9;
  private static final int LENGTH_MASK = 0xffffff;

  /** The frames that begin and end in a packet whose payload begins with one. */
  static List<Http2Frame> in(CapturedPacket packet) {
    byte[] payload = packet.payload().toBytes();
    int begin = packet.text().startsWith(PREFACE) ? PREFACE.length() : 0;
    ByteBuffer octets = ByteBuffer.wrap(payload, begin, payload.length - begin).slice();
    List<Http2Frame> frames = new ArrayList<>();
    while (octets.remaining() >= HEADER) {
      int length = octets.getInt(octets.position()) >>> Byte.SIZE & LENGTH_MASK;
      if (octets.remaining() < HEADER + length) {
        break;
      }
      octets.position(octets.position() + 3);
      int type = octets.get();
      octets.get();
      int stream = octets.getInt();
      frames.add(
          new Http2Frame(type, stream, type == RST_STREAM ? octets.getInt(octets.position()) : 0));
      octets.position(octets.position() + length);
    }
    return frames;
  }

  /** Packets with such a frame. */
  static Predicate<CapturedPacket> any(Predicate<Http2Frame> wanted) {
    return packet -> in(packet).stream().anyMatch(wanted);
  }
}
