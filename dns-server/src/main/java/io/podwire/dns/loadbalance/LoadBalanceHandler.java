package io.podwire.dns.loadbalance;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Shuffles the addresses of an answer, so that clients that take the first one spread.
 *
 * <p>Everything else, such as the aliases that lead to them, stays before them in its order.
 * Thread-safe if the source of randomness is.
 */
public final class LoadBalanceHandler implements DnsHandler {
  private final RandomGenerator random;

  public LoadBalanceHandler(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    query.reuse().shuffle();
    return rest.next(query).thenApply(this::shuffled);
  }

  private DnsMessage shuffled(DnsMessage answer) {
    List<ResourceRecord> addresses = new ArrayList<>();
    List<ResourceRecord> records = new ArrayList<>();
    for (ResourceRecord each : answer.answers()) {
      boolean address = each.type() == RecordType.A || each.type() == RecordType.AAAA;
      (address ? addresses : records).add(each);
    }
    if (addresses.size() < 2) {
      return answer;
    }
    Collections.shuffle(addresses, random);
    records.addAll(addresses);
    return answer.withAnswers(records);
  }
}
