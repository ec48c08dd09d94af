package io.podwire.packet.carry;

import io.podwire.packet.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The payload of a {@link CarryKind#DATAGRAM}: a UDP datagram and its other end.
 *
 * @param host towards the Pod a name or an address, from it an address
 */
public record CarriedDatagram(String host, int port, Octets payload) {

  private static final int MAX_PORT = 65_535;

  /** The message that carries it. */
  public CarryFrame frame(int stream) {
    byte[] end = (host + " " + port).getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(end.length + 1 + payload.length());
    buffer.put(end).put((byte) 0);
    payload.emit(buffer, end.length + 1);
    return new CarryFrame(stream, CarryKind.DATAGRAM, Octets.of(buffer.array()));
  }

  /**
   * Reads a payload.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static CarriedDatagram of(CarryFrame frame) {
    byte[] bytes = frame.payload().toBytes();
    int zero = 0;
    while (zero < bytes.length && bytes[zero] != 0) {
      zero++;
    }
    String[] end = new String(bytes, 0, zero, StandardCharsets.UTF_8).split(" ", -1);
    if (zero == bytes.length || end.length != 2 || !end[1].matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("a datagram without address and port");
    }
    int port = Integer.parseInt(end[1]);
    if (port > MAX_PORT) {
      throw new IllegalArgumentException("a datagram for port " + port);
    }
    return new CarriedDatagram(
        end[0], port, Octets.copyOf(ByteBuffer.wrap(bytes), zero + 1, bytes.length - zero - 1));
  }
}
