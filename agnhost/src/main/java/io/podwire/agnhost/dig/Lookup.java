package io.podwire.agnhost.dig;

import io.podwire.packet.dns.DnsHeader;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Single questions to the first name server of {@code resolv.conf(5)}, without caches and retries.
 *
 * <p>Thread-safe; blocks.
 */
public final class Lookup {
  private static final int PORT = 53;
  private static final int PAYLOAD = 1232;

  private final SecureRandom random = new SecureRandom();
  private final ResolvConf system;
  private final int type;

  private Lookup(ResolvConf system, int type) {
    this.system = system;
    this.type = type;
  }

  /** What was answered; records of the type asked for, as text, sorted. */
  public record Answer(int rcode, List<String> records) {
    /** Keeps its own copy. */
    public Answer {
      records = List.copyOf(records);
    }
  }

  /** Questions for a type such as A. */
  public static Lookup of(Path resolvConf, String type) {
    int number =
        RecordType.tryParse(type)
            .orElseThrow(() ->
                new IllegalArgumentException("'" + type + "' is no record type; write A or AAAA"));
    return new Lookup(ResolvConf.read(resolvConf), number);
  }

  /**
   * Asks, with the search list; of a truncated answer once more over TCP.
   *
   * @param timeoutMillis for the whole of it
   */
  public Answer ask(String text, int timeoutMillis) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    InetSocketAddress server =
        new InetSocketAddress(
            InetAddress.getByAddress(system.nameservers().getFirst().toBytes()), PORT);
    Answer answer = new Answer(Rcode.NXDOMAIN, List.of());
    for (DnsName name : system.candidates(text)) {
      DnsMessage message = exchange(server, name, deadline);
      answer = new Answer(message.rcode(), records(message));
      if (!answer.records().isEmpty()
          || message.rcode() != Rcode.NXDOMAIN && message.rcode() != Rcode.NOERROR) {
        break;
      }
    }
    return answer;
  }

  private DnsMessage exchange(InetSocketAddress server, DnsName name, long deadline)
      throws IOException {
    DnsHeader header = DnsHeader.query(random.nextInt(0x10000)).withRecursionDesired(true);
    DnsMessage query =
        new DnsMessage(header, List.of(Question.of(name, type)), List.of(), List.of(), List.of())
            .withEdns(Edns.of(PAYLOAD));
    DnsMessage answer = Exchange.udp(server, query, Math.max(1, left(deadline))).answer();
    return answer.header().isTruncated()
        ? Exchange.tcp(server, query, Math.max(1, left(deadline))).answer()
        : answer;
  }

  private List<String> records(DnsMessage message) {
    return message.answers().stream()
        .filter(record -> record.type() == type)
        .map(record -> record.data().toString())
        .sorted()
        .toList();
  }

  private static int left(long deadline) {
    return (int) TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
  }
}
