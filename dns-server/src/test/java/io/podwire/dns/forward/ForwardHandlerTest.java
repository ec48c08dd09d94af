package io.podwire.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.handler.Query;
import io.podwire.dns.metrics.Metrics;
import io.podwire.dns.plugin.Zones;
import io.podwire.dns.server.IoTransport;
import io.podwire.packet.Octets;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsHeader;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForwardHandlerTest {
  private static final Duration TIMEOUT = Duration.ofMillis(400);
  private static final DnsName NAME = DnsName.parse("www.EXAMPLE.org");
  private static final Function<DnsMessage, List<DnsMessage>> SILENT = query -> List.of();
  private static final Function<DnsMessage, List<DnsMessage>> GOOD =
      query -> List.of(answer(query, 1));

  private final EventLoopGroup group = IoTransport.best().newGroup(1);
  private final DnsCounters counters = new DnsCounters();
  private final List<FakeUpstream> upstreams = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (FakeUpstream each : upstreams) {
      each.close();
    }
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private FakeUpstream upstream(
      Function<DnsMessage, List<DnsMessage>> udp, Function<DnsMessage, List<DnsMessage>> tcp) {
    FakeUpstream upstream = new FakeUpstream(udp, tcp);
    upstreams.add(upstream);
    return upstream;
  }

  private static DnsMessage answer(DnsMessage query, int count) {
    List<ResourceRecord> records =
        IntStream.range(0, count)
            .mapToObj(
                i -> ResourceRecord.of(NAME, 300, new Rdata.A(IpAddress.ofIpv4(0xc0000200 + i))))
            .toList();
    return query.reply(Rcode.NOERROR).withAnswers(records).withEdns(Edns.of(4096));
  }

  private ForwardHandler handler(int maxConcurrent, InetSocketAddress... addresses) {
    return handler(TIMEOUT, maxConcurrent, addresses);
  }

  private ForwardHandler handler(
      Duration timeout, int maxConcurrent, InetSocketAddress... addresses) {
    List<Upstream.Target> targets = Arrays.stream(addresses).map(Upstream.Target::plain).toList();
    return handler(timeout, maxConcurrent, Duration.ofMillis(50), () -> Optional.of(targets));
  }

  private ForwardHandler handler(
      Duration timeout,
      int maxConcurrent,
      Duration checkEvery,
      Supplier<Optional<List<Upstream.Target>>> targets) {
    ForwardRules rules =
        new ForwardRules(
            DnsName.ROOT,
            Zones.NONE,
            ForwardRules.Policy.SEQUENTIAL,
            2,
            checkEvery,
            DnsName.ROOT,
            true,
            ForwardRules.Connections.DEFAULT,
            maxConcurrent,
            false,
            false,
            timeout,
            ForwardRules.TWICE_EACH,
            ForwardRules.Alternatives.NONE,
            false);
    UpstreamClient client =
        new UpstreamClient(
            group,
            IoTransport.best(),
            timeout,
            rules.connections(),
            1232,
            new Random(1),
            counters,
            new Metrics());
    UpstreamGroup upstreamGroup =
        new UpstreamGroup(
            rules,
            targets,
            new UpstreamGroup.Surroundings(
                client,
                group.next(),
                new Random(1),
                System::nanoTime,
                () -> DnsName.ROOT,
                counters,
                new Metrics()));
    return new ForwardHandler(List.of(upstreamGroup));
  }

  private static CompletableFuture<DnsMessage> ask(ForwardHandler handler) {
    DnsMessage query = DnsMessage.query(0x4242, Question.of(NAME, RecordType.A));
    return new HandlerChain(List.of(handler))
        .answer(Query.of(query, new InetSocketAddress(1)))
        .toCompletableFuture();
  }

  @Test
  void shouldHandOnTheAnswerAsItsOwn() {
    FakeUpstream upstream = upstream(GOOD, SILENT);

    DnsMessage answer = ask(handler(10, upstream.address())).join();

    assertThat(answer.header().id()).isEqualTo(0x4242);
    assertThat(answer.header().isAuthoritative()).isFalse();
    assertThat(answer.answers()).hasToString("[www.EXAMPLE.org. 300 IN A 192.0.2.0]");
    DnsMessage asked = upstream.asked.get(0);
    assertThat(asked.edns().orElseThrow().payloadSize()).isEqualTo(1232);
    assertThat(asked.questions()).hasToString("[www.EXAMPLE.org. IN A]");
    assertThat(asked.header().isRecursionDesired()).isTrue();
  }

  @Test
  void shouldHandOptionsOnBothWaysButForThoseOfNeighbours() {
    List<Rdata.Opt.Option> options =
        List.of(option(8), option(10), option(11), option(12), option(65001));
    FakeUpstream upstream =
        upstream(
            query -> List.of(answer(query, 1).withEdns(new Edns(4096, 0, 0, 0, options))), SILENT);
    DnsMessage query = DnsMessage.query(7, Question.of(NAME, RecordType.A));
    Query asked =
        Query.of(query.withEdns(new Edns(1232, 0, 0, 0, options)), new InetSocketAddress(1));

    new HandlerChain(List.of(handler(10, upstream.address())))
        .answer(asked)
        .toCompletableFuture()
        .join();

    List<Rdata.Opt.Option> handedOn = List.of(option(8), option(65001));
    assertThat(upstream.asked.get(0).edns().orElseThrow().options()).isEqualTo(handedOn);
    assertThat(asked.delivery().options()).isEqualTo(handedOn);
  }

  private static Rdata.Opt.Option option(int code) {
    return new Rdata.Opt.Option(code, Octets.of((byte) code));
  }

  @Test
  void shouldAskEachQuestionFromAPortAndWithAnIdOfItsOwn() {
    FakeUpstream upstream = upstream(GOOD, SILENT);
    ForwardHandler handler = handler(10, upstream.address());

    for (int i = 0; i < 20; i++) {
      ask(handler).join();
    }

    assertThat(upstream.asked.stream().map(each -> each.header().id()).distinct())
        .hasSizeGreaterThan(15);
    assertThat(upstream.clients.stream().distinct()).hasSizeGreaterThan(15);
  }

  @Test
  void shouldIgnoreAnswersToOtherQuestions() {
    FakeUpstream upstream =
        upstream(
            query -> {
              DnsHeader header = query.reply(0).header();
              DnsMessage forged = answer(query, 2);
              return List.of(
                  forged.withHeader(header.withId(header.id() ^ 1)),
                  forged.withQuestions(
                      List.of(Question.of(DnsName.parse("other.test"), RecordType.A))),
                  forged.withHeader(query.header()),
                  answer(query, 1));
            },
            SILENT);

    assertThat(ask(handler(10, upstream.address())).join().answers()).hasSize(1);
    assertThat(counters.get("forward.mismatched_answers")).isEqualTo(3);
  }

  @Test
  void shouldIgnoreWhatComesFromElsewhere() throws Exception {
    FakeUpstream silent = upstream(SILENT, SILENT);
    CompletableFuture<DnsMessage> pending = ask(handler(10, silent.address()));
    await().until(() -> silent.asked.size() == 1);

    // A right answer in everything but its source.
    try (DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      ByteBuffer wire = DnsCodec.encode(answer(silent.asked.get(0), 1), 512);
      stranger.send(new DatagramPacket(wire.array(), wire.limit(), silent.clients.get(0)));
    }

    assertThat(pending.join().rcode()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void shouldAskOverTcpWhereTheAnswerIsCut() {
    FakeUpstream upstream =
        upstream(
            query ->
                List.of(query.reply(0).withHeader(query.reply(0).header().withTruncated(true))),
            query -> List.of(answer(query, 500)));

    DnsMessage answer = ask(handler(10, upstream.address())).join();

    assertThat(answer.answers()).hasSize(500);
    assertThat(answer.header().isTruncated()).isFalse();
    assertThat(counters.get("forward.tcp_retries")).isEqualTo(1);
  }

  @Test
  void shouldGoOnToTheNextAndLeaveOutWhatItsChecksFindDown() {
    FakeUpstream silent = upstream(SILENT, SILENT);
    FakeUpstream good = upstream(GOOD, SILENT);
    ForwardHandler handler = handler(10, silent.address(), good.address());

    assertThat(ask(handler).join().answers()).hasSize(1);
    // The checks ask the root for its name servers; more than two of them fail.
    await().until(() -> silent.asked.stream().filter(ForwardHandlerTest::isCheck).count() >= 4);
    long asked = silent.asked.stream().filter(each -> !isCheck(each)).count();
    assertThat(ask(handler).join().answers()).hasSize(1);

    assertThat(silent.asked.stream().filter(each -> !isCheck(each)).count()).isEqualTo(asked);
    assertThat(good.asked).hasSize(2).noneMatch(ForwardHandlerTest::isCheck);
  }

  private static boolean isCheck(DnsMessage query) {
    return query.questions().get(0).equals(Question.of(DnsName.ROOT, RecordType.NS));
  }

  @Test
  void shouldNotWaitForOneThatRefusesThePort() throws IOException {
    FakeUpstream gone = new FakeUpstream(SILENT, SILENT);
    gone.close();
    FakeUpstream good = upstream(GOOD, SILENT);

    ForwardHandler patient = handler(Duration.ofMinutes(1), 10, gone.address(), good.address());

    assertThat(ask(patient)).succeedsWithin(Duration.ofSeconds(10));
    assertThat(good.asked).hasSize(1);
  }

  @Test
  void shouldFailWhereAllFail() {
    FakeUpstream silent = upstream(SILENT, SILENT);
    FakeUpstream cut =
        upstream(
            query ->
                List.of(query.reply(0).withHeader(query.reply(0).header().withTruncated(true))),
            SILENT);

    DnsMessage answer = ask(handler(10, silent.address(), cut.address())).join();

    assertThat(answer.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(counters.get("forward.all_failed")).isEqualTo(1);
  }

  @Test
  void shouldHandOnWhatTheUpstreamDenies() {
    FakeUpstream upstream = upstream(query -> List.of(query.reply(Rcode.NXDOMAIN)), SILENT);

    assertThat(ask(handler(10, upstream.address())).join().rcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void shouldRefuseMoreThanItMayHaveUnderWay() {
    FakeUpstream silent = upstream(SILENT, SILENT);
    ForwardHandler handler = handler(2, silent.address());

    CompletableFuture<DnsMessage> first = ask(handler);
    CompletableFuture<DnsMessage> second = ask(handler);
    assertThat(ask(handler).join().rcode()).isEqualTo(Rcode.REFUSED);
    first.join();
    second.join();

    // Both places are free again.
    ask(handler).join();
    assertThat(counters.get("forward.concurrency_cap")).isEqualTo(1);
  }

  @Test
  void shouldLeaveTheQuestionToOthersWithoutUpstreams() {
    assertThat(ask(handler(10)).join().rcode()).isEqualTo(Rcode.REFUSED);
    ForwardHandler unknown = handler(TIMEOUT, 10, Duration.ofMillis(50), Optional::empty);
    assertThat(ask(unknown).join().rcode()).isEqualTo(Rcode.SERVFAIL);
  }
}
