package io.podwire.dns.log;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.ResponseClass;
import io.podwire.dns.handler.Rest;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes queries to the log.
 *
 * <p>No answer is given again without it, so that each one is seen. Thread-safe.
 */
final class LogHandler implements DnsHandler {
  private static final Logger LOG = LoggerFactory.getLogger("log");

  /** Which answers are written. */
  enum Kind {
    ALL,
    SUCCESS,
    DENIAL,
    ERROR
  }

  /** One line of the Corefile. */
  record Rule(Zones names, LogFormat format, Set<Kind> kinds) {

    boolean isFor(ResponseClass answer) {
      return kinds.contains(Kind.ALL)
          || switch (answer) {
            case SUCCESS -> kinds.contains(Kind.SUCCESS);
            case DENIAL -> kinds.contains(Kind.DENIAL);
            case FAILURE, OTHER -> kinds.contains(Kind.ERROR);
          };
    }
  }

  private final List<Rule> rules;
  private final Supplier<DnsName> clusterZone;
  private final LongSupplier nanos;

  LogHandler(List<Rule> rules, Site site) {
    this.rules = List.copyOf(rules);
    this.clusterZone = site.clusterZone();
    this.nanos = site.nanos();
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    for (Rule rule : rules) {
      if (rule.names().match(query.name(), clusterZone) != null) {
        Query once = query.onceOnly();
        long began = nanos.getAsLong();
        CompletionStage<DnsMessage> answer = rest.next(once);
        return query.delivery().isToClient()
            ? answer.whenComplete((message, failure) -> {
              if (message != null && rule.isFor(ResponseClass.of(message))) {
                LOG.info(rule.format().text(query, message, nanos.getAsLong() - began));
              }
            })
            : answer;
      }
    }
    return rest.next(query);
  }
}
