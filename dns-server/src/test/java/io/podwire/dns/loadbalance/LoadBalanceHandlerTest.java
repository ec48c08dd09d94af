package io.podwire.dns.loadbalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.handler.Query;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LoadBalanceHandlerTest {
  private static final DnsName ALIAS = DnsName.parse("alias.test");
  private static final DnsName NAME = DnsName.parse("name.test");
  private static final List<ResourceRecord> RECORDS =
      List.of(
          ResourceRecord.of(ALIAS, 5, new Rdata.Cname(NAME)),
          ResourceRecord.of(NAME, 5, new Rdata.A(IpAddress.parse("10.0.0.1"))),
          ResourceRecord.of(NAME, 5, new Rdata.A(IpAddress.parse("10.0.0.2"))),
          ResourceRecord.of(NAME, 5, new Rdata.A(IpAddress.parse("10.0.0.3"))));

  @Test
  void shouldPutEachAddressFirstAboutAsOften() {
    HandlerChain chain =
        new HandlerChain(
            List.of(
                new LoadBalanceHandler(new Random(1)),
                (query, rest) ->
                    CompletableFuture.completedFuture(query.reply(0).withAnswers(RECORDS))));
    Query query =
        Query.of(DnsMessage.query(1, Question.of(ALIAS, RecordType.A)), new InetSocketAddress(1));
    Map<Rdata, Integer> first = new HashMap<>();

    for (int i = 0; i < 3000; i++) {
      List<ResourceRecord> answers = chain.answer(query).toCompletableFuture().join().answers();
      assertThat(answers).containsExactlyInAnyOrderElementsOf(RECORDS).startsWith(RECORDS.get(0));
      first.merge(answers.get(1).data(), 1, Integer::sum);
    }

    assertThat(first).hasSize(3);
    // Six standard deviations of a fair choice, about 26 each.
    assertThat(first.values()).allMatch(count -> Math.abs(count - 1000) < 155);
  }

  @Test
  void shouldPutAddressesFirstAsTheirWeightsSay() {
    List<String> problems = new ArrayList<>();
    Weights weights =
        Weights.parse(
            List.of("# weights", "name.test", "10.0.0.1 100", "10.0.0.2 50", "other.test."),
            problems);
    assertThat(problems).isEmpty();
    Random random = new Random(1);
    Map<Rdata, Integer> first = new HashMap<>();

    for (int i = 0; i < 15100; i++) {
      List<ResourceRecord> addresses = new ArrayList<>(RECORDS.subList(1, 4));
      weights.arrange(addresses, random);
      assertThat(addresses).containsExactlyInAnyOrderElementsOf(RECORDS.subList(1, 4));
      first.merge(addresses.get(0).data(), 1, Integer::sum);
    }

    // Of 151; five standard deviations are below 305, and 50 for the last.
    assertThat(first.get(RECORDS.get(1).data())).isBetween(9695, 10305);
    assertThat(first.get(RECORDS.get(2).data())).isBetween(4695, 5305);
    assertThat(first.get(RECORDS.get(3).data())).isBetween(50, 150);
  }

  @Test
  void shouldSayWhichWeightsAreWrong() {
    List<String> problems = new ArrayList<>();

    Weights.parse(
        List.of("10.0.0.1 1", "name.test", "10.0.0.1", "10.0.0.1 0", "10.0.0.1 256", "a b c"),
        problems);

    assertThat(problems).hasSize(5).allMatch(each -> each.contains("is no name, and no address"));
  }
}
