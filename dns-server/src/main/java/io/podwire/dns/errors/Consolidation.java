package io.podwire.dns.errors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes messages to the log, those that are alike as one line now and then. Thread-safe. */
final class Consolidation {
  private static final Logger LOG = LoggerFactory.getLogger("errors");

  /**
   * Messages that are alike.
   *
   * @param every time that one line stands for
   * @param showFirst whether the first one is written at once
   */
  record Rule(Duration every, Pattern pattern, String level, boolean showFirst) {}

  private final List<Counted> counts = new ArrayList<>();
  private final ScheduledExecutorService timer;
  private volatile boolean closed;

  Consolidation(List<Rule> rules, ScheduledExecutorService timer) {
    rules.forEach(rule -> counts.add(new Counted(rule)));
    this.timer = timer;
  }

  void tell(String message) {
    for (Counted each : counts) {
      if (each.rule.pattern().matcher(message).find()) {
        each.add(message);
        return;
      }
    }
    LOG.error(message);
  }

  /** What was counted and not yet written is written. */
  void close() {
    closed = true;
    counts.forEach(Counted::write);
  }

  /** How often a rule's messages came since the last line. */
  private final class Counted {
    private final Rule rule;
    private final AtomicInteger count = new AtomicInteger();

    Counted(Rule rule) {
      this.rule = rule;
    }

    void add(String message) {
      if (count.getAndIncrement() > 0 || closed) {
        return;
      }
      if (rule.showFirst()) {
        LOG.atLevel(level(rule.level())).log(message);
      }
      try {
        timer.schedule(this::write, rule.every().toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        write();
      }
    }

    void write() {
      int seen = count.getAndSet(0);
      if (seen > (rule.showFirst() ? 1 : 0)) {
        LOG.atLevel(level(rule.level()))
            .log(
                "{} errors like '{}' occurred in last {} s",
                seen,
                rule.pattern().pattern(),
                rule.every().toMillis() / 1000.0);
      }
    }
  }

  private static Level level(String name) {
    return switch (name) {
      case "warning" -> Level.WARN;
      case "info" -> Level.INFO;
      case "debug" -> Level.DEBUG;
      default -> Level.ERROR;
    };
  }
}
