package io.podwire.dns.fault;

import static io.podwire.dns.fault.FaultedServer.OTHER;
import static io.podwire.dns.fault.FaultedServer.WEB;
import static io.podwire.dns.fault.FaultedServer.data;
import static io.podwire.dns.fault.TestFaults.addressed;
import static io.podwire.dns.fault.TestFaults.between;
import static io.podwire.dns.fault.TestFaults.delayed;
import static io.podwire.dns.fault.TestFaults.effect;
import static io.podwire.dns.fault.TestFaults.ended;
import static io.podwire.dns.fault.TestFaults.fault;
import static io.podwire.dns.fault.TestFaults.likely;
import static io.podwire.dns.fault.TestFaults.removed;
import static io.podwire.dns.fault.TestFaults.typed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.DnsEffect.Action;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.dns.kubernetes.TestCluster;
import io.podwire.dns.server.IoTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Over real sockets, with dnsjava as the client. */
class DnsFaultsTest {
  private static final int HELD = 20;
  private static final Duration POLL = Duration.ofMillis(5);
  private static final List<String> A = List.of("A 192.0.2.1");
  private static final List<String> AAAA = List.of("AAAA 2001:db8:0:0:0:0:0:1");

  private final FaultedServer server = new FaultedServer(IoTransport.best(), HELD);

  @AfterEach
  void close() {
    server.close();
  }

  private LinkReceipt receipt(String name) {
    List<FaultReport> of =
        server.reports.stream().filter(each -> each.key().name().endsWith("/" + name)).toList();
    return of.get(of.size() - 1).receipts().get(0);
  }

  private LinkReceipt awaitReceipt(String name, long matched) {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(POLL)
        .until(() -> receipt(name).matched() == matched);
    return receipt(name);
  }

  private void makeReady() throws IOException {
    for (int i = 0; i < 3; i++) {
      for (int type : new int[] {Type.A, Type.AAAA}) {
        assertThat(server.ask(WEB, type).getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(server.ask(OTHER, type).getRcode()).isEqualTo(Rcode.NOERROR);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"NXDOMAIN, NXDOMAIN", "SERVFAIL, SERVFAIL", "REFUSED, REFUSED"})
  void shouldAnswerWithAnErrorWhatWasReadyBefore(Action action, String rcode) throws IOException {
    makeReady();
    server.tell(fault("err", effect(action, "web.test")));

    assertThat(Rcode.string(server.ask(WEB, Type.A).getRcode())).isEqualTo(rcode);
    assertThat(Rcode.string(server.askOverTcp(WEB, Type.AAAA).getRcode())).isEqualTo(rcode);
    assertThat(data(server.ask(OTHER, Type.A))).isEqualTo(A);

    server.faults.accept(removed(fault("err", effect(action))));
    assertThat(data(server.ask(WEB, Type.A))).isEqualTo(A);
    LinkReceipt receipt = awaitReceipt("err", 2);
    assertThat(receipt.affected()).isEqualTo(Map.of(rcode.toLowerCase(java.util.Locale.ROOT), 2L));
    await().atMost(Duration.ofSeconds(5)).until(() -> receipt("err").ended());
    assertThat(receipt("err").link()).isEqualTo("DNS");
    assertThat(receipt("err").passed()).isZero();
  }

  @Test
  void shouldLeaveOtherNamesTheQuickWay() throws IOException {
    makeReady();
    server.tell(fault("err", effect(Action.SERVFAIL, "web.test")));
    long before = server.counters.get("answers.ready");
    for (int i = 0; i < 10; i++) {
      assertThat(data(server.ask(OTHER, Type.A))).isEqualTo(A);
      assertThat(server.ask(WEB, Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }
    // Two loops have a table each, and the name may be asked for on one for the first time.
    assertThat(server.counters.get("answers.ready") - before).isBetween(9L, 10L);
  }

  @Test
  void shouldTruncateOverUdpAndAnswerInFullOverTcp() throws IOException {
    server.tell(fault("tc", effect(Action.TRUNCATED)));

    Message cut = server.ask(WEB, Type.A);
    assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(data(cut)).isEmpty();
    Message whole = server.askOverTcp(WEB, Type.A);
    assertThat(whole.getHeader().getFlag(Flags.TC)).isFalse();
    assertThat(data(whole)).isEqualTo(A);
    SimpleResolver resolver = server.resolver();
    resolver.setIgnoreTruncation(false);
    assertThat(data(resolver.send(FaultedServer.query(WEB, Type.A)))).isEqualTo(A);
    assertThat(awaitReceipt("tc", 2).affected()).isEqualTo(Map.of("truncated", 2L));
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void shouldDelayButNothingElse(boolean tcp) throws IOException {
    Duration delay = Duration.ofMillis(120);
    server.tell(fault("slow", delayed(effect(Action.DELAY, "web*"), delay)));

    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      Message answer = tcp ? server.askOverTcp(WEB, Type.A) : server.ask(WEB, Type.A);
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(delay.toNanos());
      assertThat(data(answer)).isEqualTo(A);
    }
    assertThat(data(server.ask(OTHER, Type.A))).isEqualTo(A);

    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> receipt("slow").affected().equals(Map.of("delayed", 3L)));
    LinkReceipt receipt = receipt("slow");
    assertThat(receipt.passed()).isEqualTo(3);
    assertThat(receipt.requestedDelay()).isEqualTo(delay.toNanos());
    assertThat(receipt.achievedDelay()).isGreaterThanOrEqualTo(delay.toNanos());
    assertThat(receipt.achievedDelay99()).isGreaterThanOrEqualTo(receipt.achievedDelay50());
    assertThat(receipt.lateness99()).isPositive();
  }

  @Test
  void shouldHoldNoMoreThanItMayAndLetGoAtTheEnd() throws Exception {
    server.tell(fault("slow", delayed(effect(Action.DELAY), Duration.ofHours(1))));
    List<CompletableFuture<Message>> answers = new ArrayList<>();
    for (int i = 0; i < HELD; i++) {
      answers.add(
          server.resolver().sendAsync(FaultedServer.query(WEB, Type.A)).toCompletableFuture());
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> server.faults.held() == HELD);
    SimpleResolver hasty = server.resolver();
    hasty.setTimeout(Duration.ofMillis(200));
    assertThatThrownBy(() -> hasty.send(FaultedServer.query(WEB, Type.A)))
        .isInstanceOf(IOException.class);
    // The others are still to be delayed.
    awaitReceipt("slow", 1);

    server.tell(ended(fault("slow", delayed(effect(Action.DELAY), Duration.ofHours(1)))));

    for (CompletableFuture<Message> each : answers) {
      assertThat(data(each.get(5, TimeUnit.SECONDS))).isEqualTo(A);
    }
    assertThat(server.faults.held()).isZero();
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() ->
            receipt("slow").affected().equals(Map.of("released", (long) HELD, "dropped", 1L)));
    assertThat(receipt("slow").error()).contains("20 were held");
    assertThat(receipt("slow").matched()).isEqualTo(HELD + 1);
    assertThat(receipt("slow").ended()).isTrue();
  }

  @Test
  void shouldDropAndKeepTheConnection() throws Exception {
    server.tell(fault("lost", effect(Action.DROP, "web.test")));
    SimpleResolver hasty = server.resolver();
    hasty.setTimeout(Duration.ofMillis(200));
    assertThatThrownBy(() -> hasty.send(FaultedServer.query(WEB, Type.A)))
        .isInstanceOf(IOException.class);

    try (java.net.Socket socket =
        new java.net.Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(5000);
      java.io.DataOutputStream out = new java.io.DataOutputStream(socket.getOutputStream());
      for (String name : List.of(WEB, OTHER)) {
        byte[] query = FaultedServer.query(name, Type.A).toWire();
        out.writeShort(query.length);
        out.write(query);
      }
      java.io.DataInputStream in = new java.io.DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      assertThat(new Message(answer).getQuestion().getName()).hasToString(OTHER);
    }
    assertThat(awaitReceipt("lost", 2).affected()).isEqualTo(Map.of("dropped", 2L));
    assertThat(server.counters.get("dropped.fault")).isEqualTo(2);
  }

  @Test
  void shouldGiveWrongAddresses() throws IOException {
    server.tell(
        fault(
            "wrong",
            addressed(effect(Action.ADDRESS, "web.test"), "198.51.100.9", "2001:db8::bad")));
    Message answer = server.ask(WEB, Type.A);
    assertThat(data(answer)).containsExactly("A 198.51.100.9");
    assertThat(answer.getSection(org.xbill.DNS.Section.ANSWER).get(0).getTTL()).isZero();
    assertThat(data(server.ask(WEB, Type.AAAA))).containsExactly("AAAA 2001:db8:0:0:0:0:0:bad");
    // A name that nobody has gets one, too, as in Chaos Mesh; other types are left alone.
    assertThat(data(server.ask(WEB, Type.TXT))).isEmpty();
    assertThat(awaitReceipt("wrong", 2).affected()).isEqualTo(Map.of("redirected", 2L));

    server.tell(fault("wrong", addressed(effect(Action.ADDRESS), "198.51.100.9")));
    Message none = server.ask(WEB, Type.AAAA);
    assertThat(none.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(data(none)).isEmpty();
  }

  @Test
  void shouldGiveAddressesByLotThatAreNobodys() throws IOException {
    server.tell(fault("wrong", effect(Action.ADDRESS, "w*")));
    List<String> given = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      given.add(data(server.ask(WEB, Type.A)).get(0));
      assertThat(data(server.ask("who.test.", Type.AAAA)).get(0)).startsWith("AAAA 2001:2:0:0:");
    }
    assertThat(given).allMatch(each -> each.matches("A 198\\.1[89]\\..*"));
    assertThat(given).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"A_ONLY, A, AAAA", "AAAA_ONLY, AAAA, A"})
  void shouldSuppressTheOtherType(Action action, String kept, String gone) throws IOException {
    makeReady();
    server.tell(fault("one", effect(action, "web.test")));

    assertThat(data(server.ask(WEB, Type.value(kept)))).hasSize(1);
    Message none = server.ask(WEB, Type.value(gone));
    assertThat(none.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(data(none)).isEmpty();
    assertThat(data(server.ask(OTHER, Type.value(gone)))).hasSize(1);
    assertThat(awaitReceipt("one", 1).affected()).isEqualTo(Map.of("suppressed", 1L));
  }

  @Test
  void shouldAnswerWithAnotherId() throws IOException {
    makeReady();
    server.tell(fault("id", effect(Action.WRONG_ID, "web.test")));
    for (int i = 0; i < 20; i++) {
      Message query = FaultedServer.query(WEB, Type.A);
      Message answer = new Message(server.exchange(query.toWire()));
      assertThat(answer.getHeader().getID()).isNotEqualTo(query.getHeader().getID());
      assertThat(data(answer)).isEqualTo(A);
    }
    Message query = FaultedServer.query(OTHER, Type.A);
    assertThat(new Message(server.exchange(query.toWire())).getHeader().getID())
        .isEqualTo(query.getHeader().getID());
    assertThat(awaitReceipt("id", 20).affected()).isEqualTo(Map.of("wrongId", 20L));
  }

  @Test
  void shouldActOnItsClientsAlone() throws IOException {
    makeReady();
    server.tell(fault("some", effect(Action.REFUSED), "127.0.0.2/32", "127.0.0.4/30"));
    for (String client : List.of("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.5")) {
      boolean meant = client.equals("127.0.0.2") || client.equals("127.0.0.5");
      for (boolean tcp : new boolean[] {false, true}) {
        SimpleResolver resolver = server.resolver();
        resolver.setTCP(tcp);
        resolver.setLocalAddress(new InetSocketAddress(client, 0));
        assertThat(resolver.send(FaultedServer.query(WEB, Type.A)).getRcode())
            .isEqualTo(meant ? Rcode.REFUSED : Rcode.NOERROR);
      }
    }
    assertThat(awaitReceipt("some", 4).affected()).isEqualTo(Map.of("refused", 4L));
  }

  @Test
  void shouldActOnItsTypesAlone() throws IOException {
    server.tell(
        fault("typed", typed(effect(Action.NXDOMAIN, "WEB.test"), "aaaa", "MX", "NONSENSE")));
    assertThat(data(server.ask(WEB, Type.A))).isEqualTo(A);
    assertThat(server.ask("WeB.TEST.", Type.AAAA).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(server.ask(WEB, Type.MX).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(awaitReceipt("typed", 2).error()).contains("NONSENSE");
  }

  @Test
  void shouldLetTheFirstInTheOrderOfKeysDecide() throws IOException {
    NetworkFault second = fault("b", effect(Action.SERVFAIL));
    NetworkFault first = fault("a", effect(Action.REFUSED, "web.test"));
    server.tell(second);
    server.tell(first);
    assertThat(server.ask(WEB, Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(server.ask(OTHER, Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    server.faults.accept(removed(first));
    assertThat(server.ask(WEB, Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(awaitReceipt("b", 2).affected()).isEqualTo(Map.of("servfail", 2L));
  }

  private List<Integer> rcodes(int count) throws IOException {
    List<Integer> rcodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rcodes.add(server.ask(WEB, Type.A).getRcode());
    }
    return rcodes;
  }

  @Test
  void shouldDecideAlikeWithTheSameSeed() throws IOException {
    DnsEffect effect = likely(effect(Action.SERVFAIL), 0.3);
    server.tell(fault("first", effect));
    List<Integer> once = rcodes(300);
    long hash = awaitReceipt("first", 300).decisionHash();
    server.faults.accept(removed(fault("first", effect)));
    server.tell(fault("again", effect));

    assertThat(rcodes(300)).isEqualTo(once);

    LinkReceipt again = awaitReceipt("again", 300);
    assertThat(again.decisionHash()).isEqualTo(hash);
    assertThat(again.decisions()).isEqualTo(300);
    long failed = once.stream().filter(each -> each == Rcode.SERVFAIL).count();
    assertThat(again.affected()).isEqualTo(Map.of("servfail", failed));
    assertThat(again.passed()).isEqualTo(300 - failed);
    // 3.29 standard deviations of 7.9.
    assertThat(failed).isBetween(64L, 116L);
  }

  @Test
  void shouldEndAtItsDeadlineWithTheControlPlaneGone() throws IOException {
    server.controlPlaneGone = true;
    long now = server.millis();
    server.tell(between(fault("err", effect(Action.SERVFAIL)), now, now + 30_000));
    server.skip(Duration.ofSeconds(29));
    assertThat(server.ask(WEB, Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);

    server.skip(Duration.ofSeconds(1));

    assertThat(data(server.ask(WEB, Type.A))).isEqualTo(A);
    await().atMost(Duration.ofSeconds(5)).until(() -> !server.faults.isOn());
    assertThat(server.reports).isEmpty();
    server.controlPlaneGone = false;
    await().atMost(Duration.ofSeconds(5)).until(() -> !server.reports.isEmpty());
    assertThat(receipt("err").ended()).isTrue();
    assertThat(receipt("err").matched()).isOne();
  }

  @Test
  void shouldEndWithItsLeaseAndGoOnOnceTheControlPlaneIsBack() throws IOException {
    server.tell(fault("err", effect(Action.SERVFAIL)));
    server.skip(Duration.ofSeconds(9));
    server.faults.heard();
    server.skip(Duration.ofSeconds(9));
    assertThat(server.ask(WEB, Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);

    server.skip(Duration.ofSeconds(1));
    assertThat(data(server.ask(WEB, Type.A))).isEqualTo(A);
    assertThat(data(server.askOverTcp(WEB, Type.A))).isEqualTo(A);

    await().atMost(Duration.ofSeconds(5)).until(() -> !server.faults.isOn());
    // The cluster still wants it, or an update would say so.
    server.faults.heard();
    assertThat(server.ask(WEB, Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void shouldEndWhatASnapshotDoesNotHaveAndTakeUpWhatItHas() throws IOException {
    NetworkFault gone = fault("gone", effect(Action.SERVFAIL));
    NetworkFault kept = fault("kept", effect(Action.REFUSED, "other.test"));
    server.tell(gone, kept);
    assertThat(server.ask(OTHER, Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);

    server.faults.accept(TestCluster.snapshot(9, kept, TestCluster.namespace("demo")));

    assertThat(data(server.ask(WEB, Type.AAAA))).isEqualTo(AAAA);
    assertThat(server.ask(OTHER, Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
    server.faults.accept(new ClusterUpdate.Snapshot(10, TestCluster.config(), List.of()));
    assertThat(server.faults.isOn()).isFalse();
    await().atMost(Duration.ofSeconds(5)).until(() -> receipt("kept").ended());
  }

  @ParameterizedTest
  @EnumSource(Action.class)
  void shouldActWithoutBatchesToo(Action action) throws IOException {
    try (FaultedServer plain = new FaultedServer(IoTransport.jdk(), HELD)) {
      plain.tell(fault("any", likely(effect(action, "web.test"), 1)));
      SimpleResolver resolver = plain.resolver();
      resolver.setTimeout(Duration.ofMillis(300));
      try {
        resolver.send(FaultedServer.query(WEB, Type.A));
        resolver.send(FaultedServer.query(WEB, Type.AAAA));
      } catch (IOException e) {
        assertThat(action).isIn(Action.DROP, Action.WRONG_ID);
      }
      await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(POLL)
          .until(() ->
              plain.reports.stream()
                  .anyMatch(each -> !each.receipts().get(0).affected().isEmpty()));
    }
  }
}
