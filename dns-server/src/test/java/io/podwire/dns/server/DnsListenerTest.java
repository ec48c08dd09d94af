package io.podwire.dns.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.IoEventLoopGroup;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.packet.addr.IpAddress;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.SimpleResolver;

class DnsListenerTest {
  private static final ServerLimits LIMITS =
      new ServerLimits(1232, 4, 10, Duration.ofSeconds(5), 1 << 20);

  /** Answers {@code n.test A} with n addresses. */
  private static final DnsHandler MANY =
      (query, rest) -> {
        int count = Integer.parseInt(query.name().label(0));
        List<ResourceRecord> answers =
            IntStream.range(0, count)
                .mapToObj(i ->
                    ResourceRecord.of(
                        query.name(), 5, new Rdata.A(IpAddress.ofIpv4(0x0a000000 + i))))
                .toList();
        return CompletableFuture.completedFuture(query.reply(Rcode.NOERROR).withAnswers(answers));
      };

  static Stream<IoTransport> transports() {
    return Stream.of(IoTransport.best(), IoTransport.jdk());
  }

  private static DnsMessage query(int id, String name) {
    return DnsMessage.query(id, Question.of(DnsName.parse(name), RecordType.A));
  }

  @ParameterizedTest
  @MethodSource("transports")
  void shouldCutOverUdpWhatItCarriesWholeOverTcp(IoTransport transport) throws IOException {
    try (LoopbackServer server = new LoopbackServer(transport, LIMITS, MANY);
        Socket socket = server.connect()) {
      DnsMessage cut = server.udp(query(1, "300.test"));
      assertThat(cut.header().isTruncated()).isTrue();
      assertThat(cut.answers()).hasSizeBetween(25, 31);

      DnsMessage larger = server.udp(query(2, "300.test").withEdns(Edns.of(1000)));
      assertThat(larger.header().isTruncated()).isTrue();
      assertThat(larger.answers()).hasSizeBetween(55, 62);
      assertThat(larger.edns()).isPresent();

      // The server's own limit holds whatever the client says that it takes.
      byte[] largest =
          server.udp(LoopbackServer.octets(query(3, "300.test").withEdns(Edns.of(65000))));
      assertThat(largest.length).isBetween(1200, 1232);

      LoopbackServer.send(socket, LoopbackServer.octets(query(4, "300.test")));
      DnsMessage whole = LoopbackServer.receive(socket);
      assertThat(whole.header().isTruncated()).isFalse();
      assertThat(whole.answers()).hasSize(300);
    }
  }

  @Test
  void shouldFitWhatFits() throws IOException {
    try (LoopbackServer server = new LoopbackServer(IoTransport.best(), LIMITS, MANY)) {
      assertThat(server.udp(query(1, "20.test")).header().isTruncated()).isFalse();
      assertThat(server.udp(query(1, "60.test").withEdns(Edns.of(1232))).answers()).hasSize(60);
      // RFC 6891: less than 512 means 512.
      assertThat(server.udp(query(1, "20.test").withEdns(Edns.of(100))).answers()).hasSize(20);
    }
  }

  @Test
  void shouldAnswerPipelinedQueriesAsTheyAreReady() throws IOException {
    Map<String, CompletableFuture<DnsMessage>> pending = new ConcurrentHashMap<>();
    DnsHandler slow =
        (query, rest) -> {
          if (query.name().label(0).equals("now")) {
            return CompletableFuture.completedFuture(query.reply(Rcode.NOERROR));
          }
          CompletableFuture<DnsMessage> later = new CompletableFuture<>();
          pending.put(query.name().toString(), later);
          return later.thenApply(nothing -> query.reply(Rcode.NOERROR));
        };
    try (LoopbackServer server = new LoopbackServer(IoTransport.best(), LIMITS, slow);
        Socket socket = server.connect()) {
      LoopbackServer.send(socket, LoopbackServer.octets(query(1, "later.test")));
      LoopbackServer.send(socket, LoopbackServer.octets(query(2, "now.test")));
      assertThat(LoopbackServer.receive(socket).header().id()).isEqualTo(2);

      Objects.requireNonNull(pending.get("later.test.")).complete(query(0, "x"));
      assertThat(LoopbackServer.receive(socket).header().id()).isEqualTo(1);
    }
  }

  @Test
  void shouldTakeMoreQueriesThanMayBeUnanswered() throws IOException {
    try (LoopbackServer server = new LoopbackServer(IoTransport.best(), LIMITS, MANY);
        Socket socket = server.connect()) {
      Set<Integer> answered = new HashSet<>();
      for (int id = 0; id < 200; id++) {
        LoopbackServer.send(socket, LoopbackServer.octets(query(id, "2.test")));
      }
      for (int i = 0; i < 200; i++) {
        answered.add(LoopbackServer.receive(socket).header().id());
      }
      assertThat(answered).hasSize(200);
    }
  }

  @Test
  void shouldStopReadingWhileTooManyAreUnanswered() throws IOException {
    Map<Integer, CompletableFuture<DnsMessage>> pending = new ConcurrentHashMap<>();
    DnsHandler never =
        (query, rest) ->
            pending.computeIfAbsent(query.message().header().id(), id -> new CompletableFuture<>());
    try (LoopbackServer server = new LoopbackServer(IoTransport.best(), LIMITS, never);
        Socket socket = server.connect()) {
      for (int id = 0; id < 50; id++) {
        LoopbackServer.send(socket, LoopbackServer.octets(query(id, "a.test")));
      }
      await().until(() -> pending.size() >= LIMITS.pipelined());
      // One read may hold several frames, but the socket is not read again.
      passThroughTheLoop(server);
      int held = pending.size();
      LoopbackServer.send(socket, LoopbackServer.octets(query(99, "a.test")));
      passThroughTheLoop(server);
      assertThat(pending).hasSize(held).doesNotContainKey(99);

      await()
          .until(() -> {
            pending.forEach((id, answer) -> answer.complete(query(id, "a.test").reply(0)));
            return pending.containsKey(99);
          });
    }
  }

  /** Once this is answered, the one event loop has done what it had begun. */
  private static void passThroughTheLoop(LoopbackServer server) throws IOException {
    DnsMessage notForHandlers = query(100, "a.test").withEdns(new Edns(512, 0, 1, 0, List.of()));
    assertThat(server.udp(notForHandlers).rcode()).isEqualTo(Rcode.BADVERS);
  }

  @Test
  void shouldAnswerAfterTheClientHasEndedItsSide() throws IOException {
    CompletableFuture<DnsMessage> later = new CompletableFuture<>();
    try (LoopbackServer server =
            new LoopbackServer(IoTransport.best(), LIMITS, (query, rest) -> later);
        Socket socket = server.connect()) {
      LoopbackServer.send(socket, LoopbackServer.octets(query(1, "a.test")));
      socket.shutdownOutput();
      await().until(() -> server.counters.get("queries.tcp") == 1);
      later.complete(query(1, "a.test").reply(Rcode.NXDOMAIN));

      assertThat(LoopbackServer.receive(socket).rcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void shouldCloseWhatIsIdleAndWhatIsTooMany() throws IOException {
    ServerLimits quick = new ServerLimits(1232, 2, 10, Duration.ofMillis(300), 1 << 20);
    try (LoopbackServer server = new LoopbackServer(IoTransport.best(), quick, MANY);
        Socket first = server.connect();
        Socket second = server.connect()) {
      LoopbackServer.send(first, LoopbackServer.octets(query(1, "1.test")));
      LoopbackServer.receive(first);
      LoopbackServer.send(second, LoopbackServer.octets(query(1, "1.test")));
      LoopbackServer.receive(second);
      try (Socket third = server.connect()) {
        assertThat(third.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(server.counters.get("dropped.connection_cap")).isEqualTo(1);

      assertThat(first.getInputStream().read()).isEqualTo(-1);
      assertThat(second.getInputStream().read()).isEqualTo(-1);
      assertThat(server.counters.get("tcp.idle_closed")).isEqualTo(2);
      try (Socket again = server.connect()) {
        LoopbackServer.send(again, LoopbackServer.octets(query(1, "1.test")));
        assertThat(LoopbackServer.receive(again).answers()).hasSize(1);
      }
    }
  }

  @Test
  void shouldEndAConnectionWhoseFramesMakeNoSense() throws IOException {
    try (LoopbackServer server = new LoopbackServer(IoTransport.best(), LIMITS, MANY)) {
      for (byte[] nonsense : new byte[][] {{0, 0}, {0, 3, 1, 2, 3}, {(byte) 0xff, (byte) 0xff}}) {
        try (Socket socket = server.connect()) {
          socket.getOutputStream().write(nonsense);
          assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void shouldSurviveGarbageAndAnswerTheNextQueryAtOnce() throws IOException {
    try (LoopbackServer server = new LoopbackServer(IoTransport.best(), LIMITS, MANY)) {
      Random random = new Random(53);
      for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 10; i++) {
          byte[] garbage = new byte[random.nextInt(600)];
          random.nextBytes(garbage);
          server.udpOneWay(garbage);
        }
        assertThat(server.udp(query(round, "1.test")).answers()).hasSize(1);
      }
      Map<String, Long> counted = server.counters.snapshot();
      assertThat(counted.get("queries.udp")).isEqualTo(550);
      assertThat(counted).containsKeys("dropped.response", "rcode.NOTIMP", "rcode.FORMERR");
      assertThat(counted).doesNotContainKey("failures");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldServeDnsjava(boolean tcp) throws IOException {
    try (LoopbackServer server = new LoopbackServer(IoTransport.best(), LIMITS, MANY)) {
      SimpleResolver resolver = new SimpleResolver(server.address());
      resolver.setTCP(tcp);
      resolver.setTimeout(Duration.ofSeconds(5));
      // It retries over TCP by itself where the answer is truncated.
      Message answer =
          resolver.send(
              Message.newQuery(
                  org.xbill.DNS.Record.newRecord(
                      org.xbill.DNS.Name.fromString("200.TeSt."), 1, 1)));
      assertThat(answer.getSection(org.xbill.DNS.Section.ANSWER)).hasSize(200);
      assertThat(answer.getQuestion().getName()).hasToString("200.TeSt.");
    }
  }

  @Test
  void shouldSayWhichAddressCannotBeHad() {
    try (LoopbackServer server = new LoopbackServer(IoTransport.best(), LIMITS, MANY)) {
      InetSocketAddress taken = server.address();
      IoEventLoopGroup group = IoTransport.best().newGroup(1);
      try {
        assertThatThrownBy(() ->
                DnsListener.open(
                    taken,
                    group,
                    IoTransport.best(),
                    new Responder(new HandlerChain(List.of()), server.counters, 1232),
                    LIMITS,
                    server.counters))
            .isInstanceOf(BindFailure.class)
            .hasMessageContaining(InetAddress.getLoopbackAddress().getHostAddress())
            .hasMessageContaining(Integer.toString(taken.getPort()));
      } finally {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void shouldKeepTheIdOfTheQuery() throws IOException {
    DnsHandler confused =
        (query, rest) ->
            CompletableFuture.completedFuture(
                query.message().reply(0).withHeader(new DnsHeader(77, 0x8000)));
    try (LoopbackServer server = new LoopbackServer(IoTransport.best(), LIMITS, confused)) {
      assertThat(server.udp(query(1, "a.test")).header().id()).isEqualTo(1);
    }
  }
}
