package io.podwire.dns.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.dns.corefile.Corefile;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.handler.Query;
import io.podwire.dns.plugin.TestSite;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CacheHandlerTest {
  private static final ResourceRecord SOA =
      ResourceRecord.of(
          DnsName.parse("test"),
          60,
          new Rdata.Soa(DnsName.parse("ns.test"), DnsName.ROOT, 1, 1, 1, 1, 60));

  private final TestSite place = new TestSite();
  private int asked;
  private int rcode = Rcode.NOERROR;
  private long ttl = 100;

  private final DnsHandler behind =
      (query, rest) -> {
        asked++;
        DnsMessage reply = query.reply(rcode);
        return CompletableFuture.completedFuture(
            switch (rcode) {
              case Rcode.NXDOMAIN -> reply.withAuthority(List.of(SOA));
              case Rcode.NOERROR ->
                  reply.withAnswers(
                      List.of(
                          ResourceRecord.of(
                              query.name(), ttl, new Rdata.A(IpAddress.ofIpv4(asked)))));
              default -> reply;
            });
      };

  @AfterEach
  void close() {
    place.close();
  }

  private HandlerChain cache(String directive) {
    Problems problems = new Problems();
    ServerBlock block =
        Corefile.read(". {\n" + directive + "\n}", "Corefile", null, Map.of(), problems)
            .blocks()
            .get(0);
    var draft = new CachePlugin().read(block.directives(), block, problems);
    assertThat(problems.lines()).isEmpty();
    return new HandlerChain(List.of(draft.make(place.site).handler(), behind));
  }

  private static DnsMessage ask(HandlerChain chain, String name) {
    DnsMessage query = DnsMessage.query(7, Question.of(DnsName.parse(name), RecordType.A));
    return chain.answer(Query.of(query, new InetSocketAddress(1))).toCompletableFuture().join();
  }

  @Test
  void shouldGiveAnAnswerAgainWithWhatIsLeftOfItsTime() {
    HandlerChain chain = cache("cache");

    assertThat(ask(chain, "a.test").answers().get(0).ttl()).isEqualTo(100);
    place.passSeconds(30);
    DnsMessage again = ask(chain, "A.Test");
    assertThat(again.answers()).hasToString("[a.test. 70 IN A 0.0.0.1]");
    assertThat(again.header().isAuthoritative()).isTrue();
    place.passSeconds(70);
    assertThat(ask(chain, "a.test").answers()).hasToString("[a.test. 100 IN A 0.0.0.2]");
    assertThat(place.metrics.count("cache_hits", "type", "success")).isEqualTo(1);
    assertThat(place.metrics.count("cache_misses")).isEqualTo(2);
  }

  @Test
  void shouldKeepAnswersWithinBounds() {
    ttl = 1;
    assertThat(ask(cache("cache"), "a.test").answers().get(0).ttl()).isEqualTo(5);
    ttl = 100_000;
    assertThat(ask(cache("cache"), "a.test").answers().get(0).ttl()).isEqualTo(3600);
    assertThat(ask(cache("cache 30"), "a.test").answers().get(0).ttl()).isEqualTo(30);
    assertThat(ask(cache("cache {\nsuccess 10 20 7\n}"), "a.test").answers().get(0).ttl())
        .isEqualTo(20);
  }

  @Test
  void shouldKeepDenialsAndFailures() {
    HandlerChain chain = cache("cache");
    rcode = Rcode.NXDOMAIN;
    ask(chain, "no.test");
    place.passSeconds(59);
    assertThat(ask(chain, "no.test").authority().get(0).ttl()).isEqualTo(1);
    rcode = Rcode.SERVFAIL;
    ask(chain, "bad.test");
    place.passSeconds(4);
    assertThat(ask(chain, "bad.test").rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(asked).isEqualTo(2);
    place.passSeconds(1);
    ask(chain, "bad.test");
    assertThat(asked).isEqualTo(3);
    rcode = Rcode.REFUSED;
    ask(chain, "refused.test");
    ask(chain, "refused.test");
    assertThat(asked).isEqualTo(5);
  }

  @Test
  void shouldLeaveDisabledZonesAlone() {
    HandlerChain chain =
        cache("cache 30 {\ndisable success live.test\ndisable denial live.test\n}");

    assertThat(ask(chain, "a.live.test").answers().get(0).ttl()).isEqualTo(100);
    ask(chain, "a.live.test");
    assertThat(asked).isEqualTo(2);
    ask(chain, "a.test");
    ask(chain, "a.test");
    assertThat(asked).isEqualTo(3);
  }

  @Test
  void shouldServeStaleAndRenewMeanwhile() {
    HandlerChain chain = cache("cache {\nserve_stale 1h\n}");
    ask(chain, "a.test");
    place.passSeconds(200);

    assertThat(ask(chain, "a.test").answers()).hasToString("[a.test. 0 IN A 0.0.0.1]");
    assertThat(ask(chain, "a.test").answers()).hasToString("[a.test. 100 IN A 0.0.0.2]");

    HandlerChain careful = cache("cache {\nserve_stale 1h verify\n}");
    ask(careful, "b.test");
    place.passSeconds(200);
    rcode = Rcode.SERVFAIL;
    assertThat(ask(careful, "b.test").answers()).hasToString("[b.test. 0 IN A 0.0.0.3]");
    place.passSeconds(3600);
    assertThat(ask(careful, "b.test").rcode()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void shouldPrefetchWhatIsAskedForOften() {
    HandlerChain chain = cache("cache {\nprefetch 2 1m 20%\n}");
    ask(chain, "a.test");
    place.passSeconds(40);
    ask(chain, "a.test");
    place.passSeconds(45);
    ask(chain, "a.test");

    assertThat(asked).isEqualTo(2);
    assertThat(ask(chain, "a.test").answers()).hasToString("[a.test. 100 IN A 0.0.0.2]");
  }

  @Test
  void shouldHoldNoMoreThanItsCapacity() {
    HandlerChain chain = cache("cache {\nsuccess 10\n}");
    for (int i = 0; i < 100; i++) {
      ask(chain, "n" + i + ".test");
    }

    assertThat(place.metrics.count("cache_evictions", "type", "success")).isEqualTo(90);
  }
}
