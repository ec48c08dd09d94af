package io.podwire.dns.kubernetes;

import static io.podwire.dns.kubernetes.TestCluster.clusterIp;
import static io.podwire.dns.kubernetes.TestCluster.external;
import static io.podwire.dns.kubernetes.TestCluster.headless;
import static io.podwire.dns.kubernetes.TestCluster.headlessPublishingAll;
import static io.podwire.dns.kubernetes.TestCluster.namespace;
import static io.podwire.dns.kubernetes.TestCluster.port;
import static io.podwire.dns.kubernetes.TestCluster.ready;
import static io.podwire.dns.kubernetes.TestCluster.slice;
import static io.podwire.dns.kubernetes.TestCluster.snapshot;
import static io.podwire.dns.kubernetes.TestCluster.target;
import static io.podwire.dns.kubernetes.TestCluster.unready;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.Protocol;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.handler.Query;
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
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KubernetesHandlerTest {
  private static final String SOA =
      "cluster.local. 5 IN SOA ns.dns.cluster.local. hostmaster.cluster.local. 42 7200 1800 86400"
          + " 5";

  private static final ClusterUpdate CLUSTER =
      snapshot(
          42,
          namespace("demo"),
          namespace("empty"),
          clusterIp("demo/web", List.of("10.96.0.20"), port("http", Protocol.TCP, 80)),
          slice(
              "demo/web-1",
              "web",
              List.of(target("http", Protocol.TCP, 8080)),
              ready(null, "10.244.1.3"),
              unready(null, "10.244.1.4")),
          clusterIp("demo/nobody", List.of("10.96.0.21"), port("", Protocol.TCP, 80)),
          clusterIp(
              "demo/dual", List.of("10.96.0.22", "fd00:96::22"), port("http", Protocol.TCP, 80)),
          headless("demo/db", port("sql", Protocol.TCP, 5432), port("", Protocol.UDP, 99)),
          slice(
              "demo/db-1",
              "db",
              List.of(target("sql", Protocol.TCP, 15432)),
              ready("db-0", "10.244.1.5"),
              ready("twin", "10.244.1.6"),
              ready("twin", "10.244.2.6"),
              ready(null, "10.244.2.7"),
              unready("db-9", "10.244.2.9")),
          slice(
              "demo/db-2",
              "db",
              List.of(target("sql", Protocol.TCP, 15432)),
              ready(null, "fd00:244::1")),
          headless("demo/idle"),
          slice("demo/idle-1", "idle", List.of(), unready(null, "10.244.1.9")),
          headlessPublishingAll("demo/early"),
          slice("demo/early-1", "early", List.of(), unready("early-0", "10.244.1.9")),
          external("demo/ext", "www.example.org"),
          external("demo/inside", "web.demo.svc.cluster.local"),
          external("demo/nowhere", "none.demo.svc.cluster.local"),
          external("demo/ping", "pong.demo.svc.cluster.local"),
          external("demo/pong", "ping.demo.svc.cluster.local"),
          external("demo/address", "192.0.2.1"),
          clusterIp("demo/second", List.of("10.96.0.23"), port("http", Protocol.TCP, 80)),
          slice(
              "demo/second-1",
              "second",
              List.of(target("http", Protocol.TCP, 8080)),
              ready("host", "10.244.1.3")));

  /** A question, and what has to come back. */
  record Case(String name, String type, int rcode, List<String> answers, List<String> additional) {

    static Case of(String question, String... answers) {
      String[] words = question.split(" ");
      return new Case(words[0], words[1], Rcode.NOERROR, List.of(answers), List.of());
    }

    Case with(String... records) {
      return new Case(name, type, rcode, answers, List.of(records));
    }

    static Case noData(String question) {
      return of(question);
    }

    static Case noName(String question) {
      String[] words = question.split(" ");
      return new Case(words[0], words[1], Rcode.NXDOMAIN, List.of(), List.of());
    }

    @Override
    public String toString() {
      return name + " " + type + " " + Rcode.text(rcode);
    }
  }

  static Stream<Case> clusterIps() {
    return Stream.of(
        Case.of("web.demo.svc.cluster.local A", "web.demo.svc.cluster.local. 5 IN A 10.96.0.20"),
        Case.of("WeB.dEmO.Svc.CLUSTER.local A", "WeB.dEmO.Svc.CLUSTER.local. 5 IN A 10.96.0.20"),
        Case.of(
            "nobody.demo.svc.cluster.local A", "nobody.demo.svc.cluster.local. 5 IN A 10.96.0.21"),
        Case.noData("web.demo.svc.cluster.local AAAA"),
        Case.noData("web.demo.svc.cluster.local MX"),
        Case.noData("web.demo.svc.cluster.local ANY"),
        Case.of(
            "dual.demo.svc.cluster.local AAAA",
            "dual.demo.svc.cluster.local. 5 IN AAAA fd00:96::22"),
        Case.of(
            "10-244-1-3.web.demo.svc.cluster.local A",
            "10-244-1-3.web.demo.svc.cluster.local. 5 IN A 10.244.1.3"),
        Case.noName("10-244-1-4.web.demo.svc.cluster.local A"),
        Case.of(
                "web.demo.svc.cluster.local SRV",
                "web.demo.svc.cluster.local. 5 IN SRV 0 100 80 web.demo.svc.cluster.local.")
            .with("web.demo.svc.cluster.local. 5 IN A 10.96.0.20"),
        Case.of(
                "_http._tcp.web.demo.svc.cluster.local SRV",
                "_http._tcp.web.demo.svc.cluster.local. 5 IN SRV 0 100 80"
                    + " web.demo.svc.cluster.local.")
            .with("web.demo.svc.cluster.local. 5 IN A 10.96.0.20"),
        Case.of(
                "_http._tcp.dual.demo.svc.cluster.local SRV",
                "_http._tcp.dual.demo.svc.cluster.local. 5 IN SRV 0 50 80"
                    + " dual.demo.svc.cluster.local.")
            .with(
                "dual.demo.svc.cluster.local. 5 IN A 10.96.0.22",
                "dual.demo.svc.cluster.local. 5 IN AAAA fd00:96::22"),
        Case.of(
            "_http._tcp.web.demo.svc.cluster.local A",
            "_http._tcp.web.demo.svc.cluster.local. 5 IN A 10.96.0.20"),
        Case.noData("_http._tcp.web.demo.svc.cluster.local AAAA"),
        Case.noData("_tcp.web.demo.svc.cluster.local A"),
        Case.noName("_udp.web.demo.svc.cluster.local A"),
        Case.noName("_http._udp.web.demo.svc.cluster.local SRV"),
        Case.of(
                "http.tcp.web.demo.svc.cluster.local SRV",
                "http.tcp.web.demo.svc.cluster.local. 5 IN SRV 0 100 80"
                    + " web.demo.svc.cluster.local.")
            .with("web.demo.svc.cluster.local. 5 IN A 10.96.0.20"),
        Case.noName("http._udp.web.demo.svc.cluster.local SRV"),
        Case.noName("_._tcp.nobody.demo.svc.cluster.local SRV"));
  }

  static Stream<Case> headlessServices() {
    return Stream.of(
        Case.of(
            "db.demo.svc.cluster.local A",
            "db.demo.svc.cluster.local. 5 IN A 10.244.1.5",
            "db.demo.svc.cluster.local. 5 IN A 10.244.1.6",
            "db.demo.svc.cluster.local. 5 IN A 10.244.2.6",
            "db.demo.svc.cluster.local. 5 IN A 10.244.2.7"),
        Case.of(
            "db.demo.svc.cluster.local AAAA", "db.demo.svc.cluster.local. 5 IN AAAA fd00:244::1"),
        Case.of(
            "db-0.db.demo.svc.cluster.local A",
            "db-0.db.demo.svc.cluster.local. 5 IN A 10.244.1.5"),
        Case.of(
            "twin.db.demo.svc.cluster.local A",
            "twin.db.demo.svc.cluster.local. 5 IN A 10.244.1.6",
            "twin.db.demo.svc.cluster.local. 5 IN A 10.244.2.6"),
        Case.of(
            "fd00-244--1.db.demo.svc.cluster.local AAAA",
            "fd00-244--1.db.demo.svc.cluster.local. 5 IN AAAA fd00:244::1"),
        Case.noData("db-0.db.demo.svc.cluster.local AAAA"),
        Case.noName("10-244-1-5.db.demo.svc.cluster.local A"),
        Case.noName("db-9.db.demo.svc.cluster.local A"),
        Case.of(
                "_sql._tcp.db.demo.svc.cluster.local SRV",
                "_sql._tcp.db.demo.svc.cluster.local. 5 IN SRV 0 20 15432"
                    + " db-0.db.demo.svc.cluster.local.",
                "_sql._tcp.db.demo.svc.cluster.local. 5 IN SRV 0 20 15432"
                    + " twin.db.demo.svc.cluster.local.",
                "_sql._tcp.db.demo.svc.cluster.local. 5 IN SRV 0 20 15432"
                    + " 10-244-2-7.db.demo.svc.cluster.local.",
                "_sql._tcp.db.demo.svc.cluster.local. 5 IN SRV 0 20 15432"
                    + " fd00-244--1.db.demo.svc.cluster.local.")
            .with(
                "db-0.db.demo.svc.cluster.local. 5 IN A 10.244.1.5",
                "twin.db.demo.svc.cluster.local. 5 IN A 10.244.1.6",
                "twin.db.demo.svc.cluster.local. 5 IN A 10.244.2.6",
                "10-244-2-7.db.demo.svc.cluster.local. 5 IN A 10.244.2.7",
                "fd00-244--1.db.demo.svc.cluster.local. 5 IN AAAA fd00:244::1"),
        Case.noName("idle.demo.svc.cluster.local A"),
        Case.noName("10-244-1-9.idle.demo.svc.cluster.local A"),
        Case.of(
            "early-0.early.demo.svc.cluster.local A",
            "early-0.early.demo.svc.cluster.local. 5 IN A 10.244.1.9"),
        Case.noData("early.demo.svc.cluster.local SRV"));
  }

  static Stream<Case> zoneAndPods() {
    return Stream.of(
        Case.of("cluster.local SOA", SOA),
        Case.of("cluster.local NS", "cluster.local. 5 IN NS ns.dns.cluster.local.")
            .with("ns.dns.cluster.local. 5 IN A 10.96.0.10"),
        Case.noData("cluster.local A"),
        Case.of("ns.dns.cluster.local A", "ns.dns.cluster.local. 5 IN A 10.96.0.10"),
        Case.noData("dns.cluster.local A"),
        Case.of(
            "dns-version.cluster.local TXT", "dns-version.cluster.local. 28800 IN TXT \"1.1.0\""),
        Case.noData("dns-version.cluster.local A"),
        Case.noName("x.dns-version.cluster.local TXT"),
        Case.noData("svc.cluster.local A"),
        Case.noData("pod.cluster.local A"),
        Case.noData("demo.svc.cluster.local A"),
        Case.noData("empty.svc.cluster.local NS"),
        Case.noName("none.svc.cluster.local A"),
        Case.noName("none.demo.svc.cluster.local A"),
        Case.noName("none.demo.svc.cluster.local AAAA"),
        Case.noName("foo.cluster.local A"),
        Case.noName("a.b.c.web.demo.svc.cluster.local A"),
        Case.of(
            "1-2-3-4.demo.pod.cluster.local A", "1-2-3-4.demo.pod.cluster.local. 5 IN A 1.2.3.4"),
        Case.of(
            "1234-abcd--1.demo.pod.cluster.local AAAA",
            "1234-abcd--1.demo.pod.cluster.local. 5 IN AAAA 1234:abcd::1"),
        Case.noData("1-2-3-4.demo.pod.cluster.local AAAA"),
        Case.noData("demo.pod.cluster.local A"),
        Case.noName("1-2-3-4.none.pod.cluster.local A"),
        Case.noName("1-2-3-400.demo.pod.cluster.local A"),
        Case.noName("x.1-2-3-4.demo.pod.cluster.local A"));
  }

  static Stream<Case> aliases() {
    return Stream.of(
        Case.of(
            "ext.demo.svc.cluster.local A",
            "ext.demo.svc.cluster.local. 5 IN CNAME www.example.org.",
            "www.example.org. 60 IN A 192.0.2.80"),
        Case.of(
            "EXT.demo.svc.cluster.local CNAME",
            "EXT.demo.svc.cluster.local. 5 IN CNAME www.example.org."),
        Case.of(
            "inside.demo.svc.cluster.local A",
            "inside.demo.svc.cluster.local. 5 IN CNAME web.demo.svc.cluster.local.",
            "web.demo.svc.cluster.local. 5 IN A 10.96.0.20"),
        new Case(
            "nowhere.demo.svc.cluster.local",
            "A",
            Rcode.NXDOMAIN,
            List.of("nowhere.demo.svc.cluster.local. 5 IN CNAME none.demo.svc.cluster.local."),
            List.of()),
        Case.noName("x.ext.demo.svc.cluster.local A"),
        Case.noName("_http._tcp.ext.demo.svc.cluster.local SRV"),
        Case.noName("address.demo.svc.cluster.local A"),
        new Case("ping.demo.svc.cluster.local", "A", Rcode.SERVFAIL, List.of(), List.of()));
  }

  static Stream<Case> pointers() {
    return Stream.of(
        Case.of(
            "20.0.96.10.in-addr.arpa PTR",
            "20.0.96.10.in-addr.arpa. 5 IN PTR web.demo.svc.cluster.local."),
        Case.of(
            "3.1.244.10.in-addr.arpa PTR",
            "3.1.244.10.in-addr.arpa. 5 IN PTR host.second.demo.svc.cluster.local.",
            "3.1.244.10.in-addr.arpa. 5 IN PTR 10-244-1-3.web.demo.svc.cluster.local."),
        Case.noName("77.0.96.10.in-addr.arpa PTR"),
        Case.noName("4.1.244.10.in-addr.arpa PTR"),
        Case.noData("20.0.96.10.in-addr.arpa A"));
  }

  @ParameterizedTest
  @MethodSource({"clusterIps", "headlessServices", "zoneAndPods", "aliases", "pointers"})
  void shouldAnswerAsTheSpecificationSays(Case expected) {
    DnsMessage answer = ask(synced(), expected.name, expected.type);

    assertThat(Rcode.text(answer.rcode())).isEqualTo(Rcode.text(expected.rcode));
    assertThat(answer.answers())
        .extracting(ResourceRecord::toString)
        .containsExactlyInAnyOrderElementsOf(expected.answers);
    assertThat(answer.additional())
        .extracting(ResourceRecord::toString)
        .containsExactlyInAnyOrderElementsOf(expected.additional);
    if (expected.rcode != Rcode.SERVFAIL) {
      assertThat(answer.header().isAuthoritative()).isTrue();
      if (expected.answers.isEmpty()) {
        assertThat(answer.authority()).extracting(ResourceRecord::type).contains(RecordType.SOA);
      }
    }
  }

  @Test
  void shouldPutTheAliasBeforeWhatItStandsFor() {
    assertThat(ask(synced(), "ext.demo.svc.cluster.local", "A").answers())
        .extracting(ResourceRecord::type)
        .containsExactly(RecordType.CNAME, RecordType.A);
  }

  @Test
  void shouldSayNothingIsThereWithTheSoaOfTheZone() {
    assertThat(ask(synced(), "none.demo.svc.cluster.local", "A").authority())
        .extracting(ResourceRecord::toString)
        .containsExactly(SOA);
  }

  @Test
  void shouldFailRatherThanDenyBeforeTheFirstSnapshot() {
    ClusterState unsynced = new ClusterState();

    assertThat(ask(unsynced, "web.demo.svc.cluster.local", "A").rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(ask(unsynced, "none.cluster.local", "A").rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(ask(unsynced, "1.0.96.10.in-addr.arpa", "PTR").rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(ask(unsynced, "www.example.org", "A").answers()).hasSize(1);
  }

  @Test
  void shouldLeaveOtherNamesToOthers() {
    assertThat(ask(synced(), "www.example.org", "A").answers()).hasSize(1);
    assertThat(ask(synced(), "8.8.8.8.in-addr.arpa", "PTR").rcode()).isEqualTo(Rcode.REFUSED);
    assertThat(ask(synced(), "xcluster.local", "A").rcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void shouldGiveTheAliasAloneWhereNobodyKnowsItsTarget() {
    ClusterState state = new ClusterState();
    state.accept(snapshot(1, external("demo/ext", "unknown.example.net")));

    DnsMessage answer = ask(state, "ext.demo.svc.cluster.local", "A");

    assertThat(answer.rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(answer.answers()).extracting(ResourceRecord::type).containsExactly(RecordType.CNAME);
  }

  private static ClusterState synced() {
    ClusterState state = new ClusterState();
    state.accept(CLUSTER);
    return state;
  }

  private static DnsMessage ask(ClusterState state, String name, String type) {
    DnsHandler kubernetes = new KubernetesHandler(state, new DnsCounters());
    DnsHandler world =
        (query, rest) ->
            query.name().equals(DnsName.parse("www.example.org"))
                ? CompletableFuture.completedFuture(
                    query
                        .reply(Rcode.NOERROR)
                        .withAnswers(
                            List.of(
                                ResourceRecord.of(
                                    query.name(), 60, new Rdata.A(IpAddress.parse("192.0.2.80"))))))
                : rest.next(query);
    Question question = Question.of(DnsName.parse(name), RecordType.tryParse(type).orElseThrow());
    return new HandlerChain(List.of(kubernetes, world))
        .answer(Query.of(DnsMessage.query(1, question), new InetSocketAddress(1)))
        .toCompletableFuture()
        .join();
  }
}
