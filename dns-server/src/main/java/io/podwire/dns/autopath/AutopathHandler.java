package io.podwire.dns.autopath;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tries the rest of the search list for a name that has its first part behind it, and answers with
 * an alias to what was found. Thread-safe.
 */
final class AutopathHandler implements DnsHandler {
  private final Zones zones;
  private final Function<Query, List<DnsName>> searchList;
  private final Supplier<DnsName> clusterZone;
  private final LongAdder successes;

  /**
   * One that knows its clients' lists.
   *
   * @param searchList without the root at its end; empty where it is not known
   */
  AutopathHandler(Zones zones, Function<Query, List<DnsName>> searchList, Site site) {
    this.zones = zones;
    this.searchList = searchList;
    this.clusterZone = site.clusterZone();
    this.successes =
        site.metrics()
            .counter("autopath_success", "Answers found for a client.", "server", site.server());
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    if (zones.match(query.name(), clusterZone) == null || !query.delivery().isToClient()) {
      return rest.next(query);
    }
    // The list is the client's own.
    Query once = query.onceOnly();
    List<DnsName> list = searchList.apply(query);
    if (list.isEmpty()
        || !query.name().isAtOrBelow(list.get(0))
        || query.name().equals(list.get(0))) {
      return rest.next(once);
    }
    List<DnsName> names = names(query.name(), list);
    return rest.next(once).thenCompose(first -> attempt(once, first, names, 0, rest));
  }

  /** What the client would ask for next, one after the other. */
  private static List<DnsName> names(DnsName name, List<DnsName> list) {
    int base = name.labelCount() - list.get(0).labelCount();
    List<DnsName> suffixes = new ArrayList<>(list.subList(1, list.size()));
    suffixes.add(DnsName.ROOT);
    List<DnsName> names = new ArrayList<>();
    for (DnsName suffix : suffixes) {
      Optional<DnsName> next = Optional.of(suffix);
      for (int i = base - 1; i >= 0; i--) {
        String label = name.label(i);
        next = next.flatMap(below -> below.tryChild(label));
      }
      next.ifPresent(names::add);
    }
    return names;
  }

  private CompletionStage<DnsMessage> attempt(
      Query query, DnsMessage answer, List<DnsName> names, int next, Rest rest) {
    if (answer.rcode() != Rcode.NXDOMAIN) {
      return CompletableFuture.completedFuture(answer);
    }
    if (next == names.size()) {
      // All failed: the client walks on by itself.
      return CompletableFuture.completedFuture(answer);
    }
    DnsName name = names.get(next);
    return rest.next(query.inside(Question.of(name, query.type())))
        .thenCompose(found -> {
          if (found.rcode() != Rcode.NXDOMAIN && isAnswer(found)) {
            successes.increment();
            return CompletableFuture.completedFuture(aliased(query, name, found));
          }
          return attempt(query, answer, names, next + 1, rest);
        });
  }

  private static boolean isAnswer(DnsMessage found) {
    return found.rcode() == Rcode.NOERROR;
  }

  private static DnsMessage aliased(Query query, DnsName name, DnsMessage found) {
    List<ResourceRecord> answers = new ArrayList<>();
    if (!found.answers().isEmpty()) {
      long ttl = found.answers().get(0).ttl();
      answers.add(ResourceRecord.of(query.name(), ttl, new Rdata.Cname(name)));
      answers.addAll(found.answers());
    }
    return found
        .withHeader(found.header().withId(query.message().header().id()))
        .withQuestions(query.message().questions())
        .withAnswers(answers);
  }
}
