package io.podwire.dns.loadbalance;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Changes the order of addresses in an answer, so that clients that take the first one spread.
 *
 * <p>Aliases and other records come before them, exchanges of mail behind. Thread-safe if the
 * orders are.
 */
public final class LoadBalanceHandler implements DnsHandler {

  /** What becomes of the addresses and of the exchanges of mail of one section. */
  interface Order {
    void arrange(List<ResourceRecord> addresses, List<ResourceRecord> exchanges);
  }

  private final Order order;
  private final boolean plain;

  /** A new random order each time. */
  public LoadBalanceHandler(RandomGenerator random) {
    this(random(random), true);
  }

  /**
   * Another order.
   *
   * @param plain whether a random order of the addresses is as good, which ready answers have
   */
  LoadBalanceHandler(Order order, boolean plain) {
    this.order = order;
    this.plain = plain;
  }

  /** Each order as likely as any other. */
  static Order random(RandomGenerator random) {
    return (addresses, exchanges) -> {
      Collections.shuffle(addresses, random);
      Collections.shuffle(exchanges, random);
    };
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    if (plain) {
      query.reuse().shuffle();
      return rest.next(query).thenApply(this::arranged);
    }
    return rest.next(query.onceOnly()).thenApply(this::arranged);
  }

  private DnsMessage arranged(DnsMessage answer) {
    if (answer.rcode() != Rcode.NOERROR) {
      return answer;
    }
    DnsMessage changed = answer.withAnswers(arranged(answer.answers()));
    // What is ready has its additional records in one order, so what is not has them too.
    return plain ? changed : changed.withAdditional(arranged(answer.additional()));
  }

  private List<ResourceRecord> arranged(List<ResourceRecord> records) {
    if (records.size() < 2) {
      return records;
    }
    List<ResourceRecord> all = new ArrayList<>();
    List<ResourceRecord> others = new ArrayList<>();
    List<ResourceRecord> addresses = new ArrayList<>();
    List<ResourceRecord> exchanges = new ArrayList<>();
    for (ResourceRecord each : records) {
      switch (each.type()) {
        case RecordType.CNAME -> all.add(each);
        case RecordType.A, RecordType.AAAA -> addresses.add(each);
        case RecordType.MX -> exchanges.add(each);
        default -> others.add(each);
      }
    }
    order.arrange(addresses, exchanges);
    all.addAll(others);
    all.addAll(addresses);
    all.addAll(exchanges);
    return all;
  }
}
