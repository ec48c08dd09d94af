package io.podwire.agnhost.dig;

import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * An answer as it came in.
 *
 * @param size octets of the message
 */
record Exchange(
    DnsMessage answer, InetSocketAddress server, boolean tcp, int size, Duration duration) {

  /** Asks over UDP and waits for the answer to this very question. */
  static Exchange udp(InetSocketAddress server, DnsMessage query, int timeoutMillis)
      throws IOException {
    long start = System.nanoTime();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      ByteBuffer wire = DnsCodec.encode(query, DnsCodec.MAX_MESSAGE);
      socket.send(new DatagramPacket(wire.array(), wire.remaining()));
      DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
      while (true) {
        long left = timeoutMillis - (System.nanoTime() - start) / 1_000_000;
        if (left <= 0) {
          throw new SocketTimeoutException("timed out");
        }
        socket.setSoTimeout((int) left);
        socket.receive(packet);
        Decoded decoded = DnsCodec.decode(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
        if (decoded instanceof Decoded.Valid valid && answers(query, valid.message())) {
          return new Exchange(valid.message(), server, false, packet.getLength(), since(start));
        }
      }
    }
  }

  /** Asks over a TCP connection of its own. */
  static Exchange tcp(InetSocketAddress server, DnsMessage query, int timeoutMillis)
      throws IOException {
    long start = System.nanoTime();
    try (Socket socket = new Socket()) {
      socket.connect(server, timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      ByteBuffer wire = DnsCodec.encode(query, DnsCodec.MAX_MESSAGE);
      ByteBuffer framed = ByteBuffer.allocate(2 + wire.remaining());
      socket.getOutputStream().write(framed.putShort((short) wire.remaining()).put(wire).array());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int length = in.readUnsignedShort();
      byte[] octets = in.readNBytes(length);
      if (octets.length < length) {
        throw new EOFException("the connection ended within a message");
      }
      return switch (DnsCodec.decode(ByteBuffer.wrap(octets))) {
        case Decoded.Valid valid when answers(query, valid.message()) ->
            new Exchange(valid.message(), server, true, length, since(start));
        case Decoded.Valid valid -> throw new IOException("the answer is to another question");
        case Decoded.Malformed malformed ->
            throw new IOException("the answer is malformed: " + malformed.defect());
      };
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** A server that could not read the question sends none back. */
  private static boolean answers(DnsMessage query, DnsMessage answer) {
    return answer.header().isResponse()
        && answer.header().id() == query.header().id()
        && (answer.questions().isEmpty() || answer.questions().equals(query.questions()));
  }
}
