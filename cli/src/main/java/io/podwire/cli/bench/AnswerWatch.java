package io.podwire.cli.bench;

import io.podwire.bench.nameserver.AnswerCheck;
import io.podwire.bench.nameserver.ServiceNames;
import io.podwire.bench.nameserver.StubResolver;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Rcode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * Asks a server for names while one of them changes, and judges each answer: a Service that stays
 * has its address, a name that nobody has does not exist, and the one that changes never goes back.
 *
 * <p>Not thread-safe.
 */
final class AnswerWatch {
  private final StubResolver resolver;
  private final List<Map.Entry<String, IpAddress>> names;
  private final Moving moving;
  private final RandomGenerator random;
  private int seen;
  private long asked;
  private long lost;
  private long wrong;
  private String first = "";

  /**
   * The name that changes.
   *
   * @param name without the final dot
   * @param begun the number of the newest change whose request may have been sent, from 0
   */
  record Moving(String name, IntSupplier begun) {

    /** What it stands for after so many changes. */
    static IpAddress address(int change) {
      return IpAddress.parse("10.99." + change / 250 + "." + (1 + change % 250));
    }
  }

  AnswerWatch(StubResolver resolver, ServiceNames names, Moving moving, RandomGenerator random) {
    this.resolver = resolver;
    this.names = List.copyOf(names.addresses().entrySet());
    this.moving = moving;
    this.random = random;
  }

  /** Asks for one name of each kind. */
  void askAll() {
    Map.Entry<String, IpAddress> one = names.get(random.nextInt(names.size()));
    ask(one.getKey()).ifPresent(answer -> expect(one.getKey(), answer, one.getValue()));
    String nobodys = "no-" + one.getKey();
    ask(nobodys)
        .ifPresent(answer -> {
          if (answer.rcode() != Rcode.NXDOMAIN) {
            wrong(nobodys, answer);
          }
        });
    ask(moving.name()).ifPresent(this::follow);
  }

  private Optional<DnsMessage> ask(String name) {
    asked++;
    Optional<DnsMessage> answer = resolver.ask(name);
    if (answer.isEmpty()) {
      lost++;
    }
    return answer;
  }

  private void follow(DnsMessage answer) {
    int newest = moving.begun().getAsInt();
    for (int change = seen; change <= newest; change++) {
      if (AnswerCheck.addresses(answer).equals(List.of(Moving.address(change)))) {
        seen = change;
        return;
      }
    }
    wrong(moving.name(), answer);
  }

  private void expect(String name, DnsMessage answer, IpAddress address) {
    if (answer.rcode() != Rcode.NOERROR
        || !AnswerCheck.addresses(answer).equals(List.of(address))) {
      wrong(name, answer);
    }
  }

  private void wrong(String name, DnsMessage answer) {
    wrong++;
    if (first.isEmpty()) {
      first = name + ": " + answer;
    }
  }

  long asked() {
    return asked;
  }

  /** Without an answer in time. */
  long lost() {
    return lost;
  }

  long wrong() {
    return wrong;
  }

  /** The first wrong answer, or nothing. */
  String firstWrong() {
    return first;
  }

  /** The newest change that an answer has shown. */
  int seen() {
    return seen;
  }
}
