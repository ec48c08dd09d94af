package io.podwire.bench.nameserver;

import io.podwire.bench.program.BenchFailure;
import io.podwire.linux.NetworkNamespace;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Rdata;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Asks a server for names and compares the answers, so that only equals are measured. */
public final class AnswerCheck {
  private static final Duration PATIENCE = Duration.ofMillis(200);
  private static final int ASKED = 50;

  private AnswerCheck() {}

  /** Names spread over all of them; a wrong answer, or none in time, is a {@link BenchFailure}. */
  public static void run(
      NetworkNamespace namespace, int port, String server, ServiceNames names, Duration patience) {
    List<Map.Entry<String, IpAddress>> all = List.copyOf(names.addresses().entrySet());
    int step = Math.max(1, all.size() / ASKED);
    long deadline = System.nanoTime() + patience.toNanos();
    try (StubResolver resolver =
        StubResolver.in(namespace, new InetSocketAddress("127.0.0.1", port), PATIENCE)) {
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
          answer = resolver.ask(all.get(i).getKey()).map(AnswerCheck::addresses).orElse(List.of());
        }
      }
    }
  }

  /** The IPv4 addresses of an answer, in its order. */
  public static List<IpAddress> addresses(DnsMessage answer) {
    return answer.answers().stream()
        .filter(record -> record.data() instanceof Rdata.A)
        .map(record -> ((Rdata.A) record.data()).address())
        .toList();
  }
}
