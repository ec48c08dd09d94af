package io.podwire.dns.forward;

import io.netty.handler.ssl.SslContext;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.RecordType;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One resolver, and whether it is well.
 *
 * <p>It is checked from a failure on until a check succeeds, as CoreDNS does: one that answers is
 * never checked. Thread-safe.
 */
final class Upstream {

  /**
   * Where it is.
   *
   * @param tls null for one that is not asked over TLS
   * @param serverName what its certificate has to be for; empty for its address
   */
  record Target(InetSocketAddress address, @Nullable SslContext tls, String serverName) {

    static Target plain(InetSocketAddress address) {
      return new Target(address, null, "");
    }

    /** {@code 192.0.2.53:53}, as metrics name it. */
    @Override
    public String toString() {
      String host = address.getAddress().getHostAddress();
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
  }

  private final Target target;
  private final ForwardRules rules;
  private final Exchange exchange;
  private final ScheduledExecutorService timer;
  private final Runnable onFailedCheck;
  private final AtomicInteger fails = new AtomicInteger();
  private final AtomicBoolean checking = new AtomicBoolean();
  private volatile boolean closed;

  Upstream(
      Target target,
      ForwardRules rules,
      Exchange exchange,
      ScheduledExecutorService timer,
      Runnable onFailedCheck) {
    this.target = target;
    this.rules = rules;
    this.exchange = exchange;
    this.timer = timer;
    this.onFailedCheck = onFailedCheck;
  }

  Target target() {
    return target;
  }

  boolean isDown() {
    return rules.maxFails() > 0 && fails.get() > rules.maxFails();
  }

  /** Begins to check it, unless that is under way. */
  void suspect() {
    if (rules.maxFails() > 0
        && !rules.checkEvery().isZero()
        && checking.compareAndSet(false, true)) {
      check();
    }
  }

  private void check() {
    if (closed) {
      return;
    }
    DnsMessage ping = DnsMessage.query(0, Question.of(rules.checkName(), RecordType.NS));
    ping = ping.withHeader(ping.header().withRecursionDesired(rules.checkRecursion()));
    exchange
        .ask(target, ping, rules.forceTcp())
        .whenComplete((answer, failure) -> {
          if (failure == null) {
            // Whatever it says, it lives.
            fails.set(0);
            checking.set(false);
            return;
          }
          fails.updateAndGet(count -> count == Integer.MAX_VALUE ? count : count + 1);
          onFailedCheck.run();
          if (!closed && !timer.isShutdown()) {
            timer.schedule(this::check, rules.checkEvery().toNanos(), TimeUnit.NANOSECONDS);
          }
        });
  }

  /** Ends its checks. */
  void close() {
    closed = true;
  }
}
