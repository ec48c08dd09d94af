package io.podwire.bench.nameserver;

import io.podwire.linux.NetworkNamespace;
import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.RecordType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks one server for IPv4 addresses over UDP, one question at a time (RFC 1034, section 5.3.1).
 *
 * <p>Not thread-safe.
 */
public final class StubResolver implements AutoCloseable {
  private static final int MAX_ANSWER = 4096;

  private final DatagramSocket socket;
  private int id;

  private StubResolver(DatagramSocket socket) {
    this.socket = socket;
  }

  /** A resolver whose questions leave from that namespace; an answer is awaited for so long. */
  public static StubResolver in(
      NetworkNamespace namespace, InetSocketAddress server, Duration patience) {
    try {
      return namespace.call(() -> {
        DatagramSocket socket = new DatagramSocket();
        socket.setSoTimeout((int) patience.toMillis());
        socket.connect(server);
        return new StubResolver(socket);
      });
    } catch (SocketException failure) {
      throw new UncheckedIOException("asking " + server, failure);
    }
  }

  /** The answer to a name without its final dot, or nothing where none has come in time. */
  public Optional<DnsMessage> ask(String name) {
    id = id + 1 & 0xffff;
    ByteBuffer query =
        DnsCodec.encode(
            DnsMessage.query(id, Question.of(DnsName.parse(name + "."), RecordType.A)),
            DnsCodec.MAX_PLAIN_UDP);
    byte[] question = new byte[query.remaining()];
    query.get(question);
    try {
      socket.send(new DatagramPacket(question, question.length));
      while (true) {
        DatagramPacket answer = new DatagramPacket(new byte[MAX_ANSWER], MAX_ANSWER);
        socket.receive(answer);
        // What comes late answers an earlier question.
        if (DnsCodec.decode(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()))
                instanceof Decoded.Valid valid
            && valid.message().header().id() == id) {
          return Optional.of(valid.message());
        }
      }
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
