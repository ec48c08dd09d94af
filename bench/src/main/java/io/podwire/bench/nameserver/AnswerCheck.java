package io.podwire.bench.nameserver;

import io.podwire.bench.program.BenchFailure;
import io.podwire.linux.NetworkNamespace;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Asks a server for names and compares the answers, so that only equals are measured. */
public final class AnswerCheck {
  private static final int PATIENCE_MILLIS = 200;
  private static final int ASKED = 50;
  private static final int MAX_ANSWER = 4096;

  private AnswerCheck() {}

  /** Names spread over all of them; a wrong answer, or none in time, is a {@link BenchFailure}. */
  public static void run(
      NetworkNamespace namespace, int port, String server, ServiceNames names, Duration patience) {
    List<Map.Entry<String, IpAddress>> all = List.copyOf(names.addresses().entrySet());
    int step = Math.max(1, all.size() / ASKED);
    long deadline = System.nanoTime() + patience.toNanos();
    namespace.call(() -> {
      for (int i = 0; i < all.size(); i += step) {
        List<IpAddress> expected = List.of(all.get(i).getValue());
        List<IpAddress> answer = List.of();
        // A server that has just begun may not have every name yet.
        while (!answer.equals(expected)) {
          if (System.nanoTime() > deadline) {
            throw new BenchFailure(
                server
                    + " answers "
                    + all.get(i).getKey()
                    + " with "
                    + answer
                    + ", not "
                    + expected);
          }
          answer = ask(port, all.get(i).getKey());
        }
      }
      return true;
    });
  }

  private static List<IpAddress> ask(int port, String name) {
    ByteBuffer query =
        DnsCodec.encode(
            DnsMessage.query(1, Question.of(DnsName.parse(name + "."), RecordType.A)),
            DnsCodec.MAX_PLAIN_UDP);
    byte[] question = new byte[query.remaining()];
    query.get(question);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.send(
          new DatagramPacket(question, question.length, new InetSocketAddress("127.0.0.1", port)));
      DatagramPacket answer = new DatagramPacket(new byte[MAX_ANSWER], MAX_ANSWER);
      socket.receive(answer);
      return addresses(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()));
    } catch (IOException none) {
      return List.of();
    }
  }

  private static List<IpAddress> addresses(ByteBuffer answer) {
    if (!(DnsCodec.decode(answer) instanceof Decoded.Valid valid)) {
      return List.of();
    }
    return valid.message().answers().stream()
        .filter(record -> record.data() instanceof Rdata.A)
        .map(record -> ((Rdata.A) record.data()).address())
        .toList();
  }
}
