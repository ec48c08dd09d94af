package io.podwire.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.dns.handler.DnsCounters;
import io.podwire.packet.Octets;
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
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is answered without the handlers is what the handlers would answer. */
class ReadyAnswersTest {
  private static final int[] TYPES = {
    RecordType.A,
    RecordType.A,
    RecordType.AAAA,
    RecordType.SRV,
    RecordType.PTR,
    RecordType.TXT,
    RecordType.SOA,
    RecordType.NS,
    RecordType.CNAME,
    RecordType.ANY,
    RecordType.AXFR,
    65
  };

  private final ServedCluster cluster = new ServedCluster();
  private final Random random = new Random(11);
  private final LoopbackServer server =
      new LoopbackServer(
          IoTransport.best(), ServerLimits.DEFAULT, cluster.handlers(new DnsCounters()));

  @AfterEach
  void close() {
    server.close();
  }

  private static DnsMessage query(String name, int type) {
    return DnsMessage.query(9, Question.of(DnsName.parse(name), type));
  }

  private long ready() {
    return server.counters.get("answers.ready");
  }

  /** What the handlers say, by way of the general path. */
  private byte[] asked(byte[] query) {
    ByteBuffer response =
        server
            .responder
            .respond(ByteBuffer.wrap(query), new InetSocketAddress(1), Responder.Transport.UDP)
            .toCompletableFuture()
            .join()
            .orElseThrow();
    byte[] octets = new byte[response.remaining()];
    response.get(octets);
    return octets;
  }

  /** With addresses in one order, as theirs is another each time. */
  private static DnsMessage ordered(byte[] octets) {
    DnsMessage message = LoopbackServer.message(octets);
    return message.withAnswers(
        message.answers().stream()
            .sorted(
                Comparator.comparing(each ->
                    each.data() instanceof Rdata.A || each.data() instanceof Rdata.Aaaa
                        ? each.toString()
                        : ""))
            .toList());
  }

  private DnsMessage anyQuery() {
    String name = ServedCluster.NAMES.get(random.nextInt(ServedCluster.NAMES.size()));
    if (random.nextInt(3) == 0) {
      name = mixed(name);
    } else if (random.nextInt(4) == 0) {
      name = name.toUpperCase(Locale.ROOT);
    }
    DnsMessage query = query(name, TYPES[random.nextInt(TYPES.length)]);
    int flags = random.nextInt(4) == 0 ? random.nextInt(0x10000) & ~0xf800 : 0x0100;
    query = query.withHeader(new DnsHeader(random.nextInt(0x10000), flags));
    int size = new int[] {0, 100, 512, 700, 1232, 4096, 65535}[random.nextInt(7)];
    int ednsFlags = new int[] {0, 0, Edns.DNSSEC_OK, 1}[random.nextInt(4)];
    List<Rdata.Opt.Option> options =
        random.nextInt(6) > 0
            ? List.of()
            : List.of(new Rdata.Opt.Option(8, Octets.of(new byte[] {0, 1, 0, 0})));
    return switch (random.nextInt(6)) {
      case 0, 1, 2 -> query;
      case 3, 4 -> query.withEdns(new Edns(size, 0, 0, ednsFlags, options));
      default -> query.withEdns(new Edns(size, random.nextInt(2), random.nextInt(2), 0, options));
    };
  }

  private String mixed(String name) {
    StringBuilder mixed = new StringBuilder();
    for (char c : name.toCharArray()) {
      mixed.append(random.nextBoolean() ? Character.toUpperCase(c) : c);
    }
    return mixed.toString();
  }

  @Test
  void shouldEqualWhatTheHandlersAnswerWhateverIsAskedAndChanges() throws IOException {
    int exact = 0;
    for (int i = 0; i < 10_000; i++) {
      if (i % 50 == 0) {
        cluster.change(i / 50);
      }
      DnsMessage query = anyQuery();
      byte[] octets = LoopbackServer.octets(query);
      byte[] expected = asked(octets);
      for (int again = 0; again < 2; again++) {
        exact += compared(query, server.udp(octets), expected) ? 1 : 0;
      }
    }
    assertThat(exact).isGreaterThan(10_000);
    // The second time without the handlers, or nothing was compared.
    assertThat(ready()).isGreaterThan(4_000);
    assertThat(server.counters.get("failures")).isZero();
  }

  /** Whether it could be compared octet for octet. */
  private static boolean compared(DnsMessage query, byte[] given, byte[] expected) {
    String asked = query.toString();
    DnsMessage answer = LoopbackServer.message(given);
    assertThat(given).as(asked).hasSameSizeAs(expected);
    assertThat(answer.questions()).hasToString(query.questions().toString());
    if (answer.answers().size() < 2) {
      assertThat(given).as(asked).isEqualTo(expected);
      return true;
    }
    if (answer.header().isTruncated()) {
      // Which of the addresses are cut off is chance.
      assertThat(answer.header()).isEqualTo(LoopbackServer.message(expected).header());
    } else {
      assertThat(ordered(given)).as(asked).isEqualTo(ordered(expected));
    }
    return false;
  }

  @Test
  void shouldAskTheHandlersOnceAndCountAllTheSame() throws IOException {
    for (int i = 0; i < 10; i++) {
      server.udp(query("web.demo.svc.cluster.local", RecordType.A));
      server.udp(query("none.demo.svc.cluster.local", RecordType.A));
    }

    assertThat(ready()).isEqualTo(18);
    assertThat(server.counters.get("queries.udp")).isEqualTo(20);
    assertThat(server.counters.get("rcode.NOERROR")).isEqualTo(10);
    assertThat(server.counters.get("rcode.NXDOMAIN")).isEqualTo(10);
  }

  @Test
  void shouldKeepTheCaseOfEveryQuestion() throws IOException {
    String name = "web.demo.svc.cluster.local";
    server.udp(query(name, RecordType.A));
    server.udp(query(name.toUpperCase(Locale.ROOT), RecordType.A));
    long before = ready();
    for (int i = 0; i < 50; i++) {
      String asked = mixed(name);
      DnsMessage answer = server.udp(query(asked, RecordType.A));
      assertThat(answer.questions()).hasToString("[" + asked + ". IN A]");
      assertThat(answer.answers()).hasToString("[" + asked + ". 5 IN A 10.96.0.20]");
    }
    assertThat(ready() - before).isEqualTo(50);
  }

  @Test
  void shouldForgetWhatAChangeTouchesAndNothingElse() throws IOException {
    DnsMessage web = query("web.demo.svc.cluster.local", RecordType.A);
    DnsMessage dual = query("dual.demo.svc.cluster.local", RecordType.A);
    DnsMessage none = query("none.demo.svc.cluster.local", RecordType.A);
    for (DnsMessage each : List.of(web, dual, none)) {
      server.udp(each);
      server.udp(each);
    }
    assertThat(ready()).isEqualTo(3);

    cluster.change(ServedCluster.web(77));

    assertThat(server.udp(web).answers().toString()).contains("10.96.0.77");
    assertThat(ready()).isEqualTo(3);
    server.udp(dual);
    assertThat(ready()).isEqualTo(4);
    // The serial in its SOA record is another now.
    assertThat(server.udp(none).authority().toString()).contains(" 2 7200 ");
    assertThat(ready()).isEqualTo(4);
  }

  @Test
  void shouldPutEachAddressFirstAboutAsOften() throws IOException {
    DnsMessage query = query("db.demo.svc.cluster.local", RecordType.A);
    server.udp(query);
    Map<String, Integer> orders = new HashMap<>();
    int rounds = 6000;
    for (int i = 0; i < rounds; i++) {
      List<String> order = new ArrayList<>();
      for (ResourceRecord each : server.udp(query).answers()) {
        order.add(each.data().toString());
      }
      orders.merge(order.toString(), 1, Integer::sum);
    }

    assertThat(ready()).isEqualTo(rounds);
    assertThat(orders).hasSize(6);
    // Six standard deviations of a fair choice among six, about 29 each.
    assertThat(orders.values()).allMatch(count -> Math.abs(count - rounds / 6) < 174);
  }

  @Test
  void shouldLeaveToTheHandlersWhatDoesNotFit() throws IOException {
    DnsMessage query = query("many.demo.svc.cluster.local", RecordType.A);
    server.udp(query.withEdns(Edns.of(1232)));
    assertThat(server.udp(query.withEdns(Edns.of(1232))).answers()).hasSize(60);
    assertThat(ready()).isEqualTo(1);

    DnsMessage cut = server.udp(query);
    assertThat(cut.header().isTruncated()).isTrue();
    assertThat(cut.answers()).hasSizeLessThan(35);
    assertThat(ready()).isEqualTo(1);
  }

  @Test
  void shouldAnswerTheNextGoodQueryWhateverCameBefore() throws IOException {
    byte[] good = LoopbackServer.octets(query("web.demo.svc.cluster.local", RecordType.A));
    server.udp(good);
    for (int round = 0; round < 200; round++) {
      for (int i = 0; i < 20; i++) {
        byte[] bad = LoopbackServer.octets(anyQuery());
        for (int change = 1 + random.nextInt(3); change > 0; change--) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt();
        }
        server.udpOneWay(Arrays.copyOf(bad, random.nextInt(bad.length + 8)));
      }
      DnsMessage answer = LoopbackServer.message(server.udp(good));
      assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
      assertThat(answer.answers().toString()).contains("10.96.0.20");
    }
    assertThat(server.counters.get("queries.udp")).isEqualTo(200 * 21 + 1);
    assertThat(server.counters.get("failures")).isZero();
    assertThat(server.counters.get("udp.errors")).isZero();
  }
}
