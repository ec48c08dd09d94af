package io.podwire.dns.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Protocol;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.handler.Query;
import io.podwire.dns.kubernetes.ClusterState;
import io.podwire.dns.kubernetes.TestCluster;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.TestSite;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each plugin answers, as its lines in a Corefile say. */
class PluginAnswersTest {
  @TempDir Path folder;

  private final TestSite place = new TestSite();
  private final ClusterState state = new ClusterState();
  private final List<Part> parts = new ArrayList<>();

  @AfterEach
  void close() {
    parts.forEach(Part::close);
    place.close();
  }

  private HandlerChain chain(String directives) {
    Problems problems = new Problems();
    String text = ".:53 {\n" + directives + "\n}";
    BlockPlan plan =
        BlockPlan.of(
                new CorefileSource(null, text, Map.of()).read(text, problems),
                PluginOrder.of(state, true),
                problems)
            .get(0);
    assertThat(problems.lines()).isEmpty();
    List<DnsHandler> handlers = new ArrayList<>();
    for (Plugin.Draft draft : plan.drafts().values()) {
      Part part = draft.make(place.site);
      parts.add(part);
      DnsHandler handler = part.handler();
      if (handler != null) {
        handlers.add(handler);
      }
    }
    return new HandlerChain(handlers);
  }

  private static DnsMessage ask(HandlerChain chain, String name, String type) {
    return ask(chain, name, type, "192.0.2.77");
  }

  private static DnsMessage ask(HandlerChain chain, String name, String type, String client) {
    DnsMessage query =
        DnsMessage.query(
            7, Question.of(DnsName.parse(name), RecordType.tryParse(type).orElseThrow()));
    return chain
        .answer(Query.of(query, new InetSocketAddress(client, 1234)))
        .toCompletableFuture()
        .join();
  }

  /** The rcode, then the records without their class, answers, authority, additional. */
  private static String text(DnsMessage answer) {
    return Rcode.text(answer.rcode())
        + List.of(answer.answers(), answer.authority(), answer.additional()).stream()
            .map(section ->
                section.stream()
                    .map(each -> each.toString().replace(" IN ", " "))
                    .collect(Collectors.joining("; ")))
            .collect(Collectors.joining(" | ", " | ", ""))
            .replaceAll("( \\| )+$", "");
  }

  private static final String HOSTS =
      """
      hosts /dev/null {
          192.0.2.1 web.internal.test
          192.0.2.2 ftp.service.consul
          fallthrough
      }
      """;

  @Test
  void shouldRewriteNamesAndTurnAnswersBack() {
    HandlerChain chain =
        chain(
            HOSTS
                + """
                rewrite name exact short.test web.internal.test
                rewrite name suffix .example.org .internal.test answer auto
                rewrite name substring .old. .service. answer auto
                rewrite name regex (.*)-(us-west-1)\\.coredns\\.rocks {1}.service.consul answer auto
                """);

    assertThat(text(ask(chain, "short.test", "A")))
        .isEqualTo("NOERROR | short.test. 3600 A 192.0.2.1");
    assertThat(text(ask(chain, "web.example.org", "A")))
        .isEqualTo("NOERROR | web.example.org. 3600 A 192.0.2.1");
    assertThat(text(ask(chain, "ftp.old.consul", "A")))
        .isEqualTo("NOERROR | ftp.old.consul. 3600 A 192.0.2.2");
    assertThat(text(ask(chain, "ftp-us-west-1.coredns.rocks", "A")))
        .isEqualTo("NOERROR | ftp-us-west-1.coredns.rocks. 3600 A 192.0.2.2");
    assertThat(ask(chain, "other.test", "A").rcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void shouldStopAtTheFirstRuleOrGoOn() {
    String second = "rewrite name exact b.test web.internal.test\n";

    HandlerChain stops = chain(HOSTS + "rewrite name exact a.test b.test\n" + second);
    assertThat(ask(stops, "a.test", "A").rcode()).isEqualTo(Rcode.REFUSED);
    HandlerChain goesOn = chain(HOSTS + "rewrite continue name exact a.test b.test\n" + second);
    assertThat(text(ask(goesOn, "a.test", "A"))).isEqualTo("NOERROR | a.test. 3600 A 192.0.2.1");
  }

  @Test
  void shouldRewriteTypesAndTtls() {
    HandlerChain chain =
        chain(HOSTS + "rewrite continue type TXT A\nrewrite ttl suffix .test -60\n");

    assertThat(text(ask(chain, "web.internal.test", "TXT")))
        .isEqualTo("NOERROR | web.internal.test. 60 A 192.0.2.1");
  }

  @Test
  void shouldFillTemplates() {
    HandlerChain chain =
        chain(
            """
            template IN A ip.test {
                match "^ip-(?P<a>[0-9]*)-(?P<b>[0-9]*)[.]ip[.]test[.]$"
                answer "{{ .Name }} 60 IN A 10.0.{{ .Group.a }}.{{ .Group.b }}"
                additional "{{ .Zone }} 30 TXT \\"{{ .Type }} {{ index .Match 1 }}\\""
                fallthrough
            }
            template IN ANY no.test {
                rcode NXDOMAIN
                authority "no.test. 60 IN SOA ns.no.test. host.no.test. (1 60 60 60 60)"
            }
            """);

    assertThat(text(ask(chain, "IP-1-2.ip.test", "A")))
        .isEqualTo("NOERROR | ip-1-2.ip.test. 60 A 10.0.1.2 |  | ip.test. 30 TXT \"A 1\"");
    assertThat(ask(chain, "x.ip.test", "A").rcode()).isEqualTo(Rcode.REFUSED);
    assertThat(ask(chain, "ip-1-999.ip.test", "A").rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(text(ask(chain, "a.no.test", "MX")))
        .isEqualTo("NXDOMAIN |  | no.test. 60 SOA ns.no.test. host.no.test. 1 60 60 60 60");
  }

  @Test
  void shouldServeAMasterFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("db.example"),
            """
            $TTL 1h
            @       IN SOA ns1 hostmaster ( 7 ; serial
                      2h 30m 1w 5m )
                    NS  ns1
                    NS  ns2.elsewhere.test.
            ns1     60 IN A 192.0.2.1
            www     CNAME web
            web     A   192.0.2.2
                    A   192.0.2.3
            *.wild  TXT "any name" "here"
            mail    MX  10 ns1
            sub     NS  ns.sub
            ns.sub  A   192.0.2.9
            a.deep.name AAAA 2001:db8::1
            odd     TYPE65280 \\# 2 abcd
            """);
    HandlerChain chain = chain("file " + file + " example.test");
    String servers =
        "example.test. 3600 NS ns1.example.test.; example.test. 3600 NS ns2.elsewhere.test.";
    String soa =
        "example.test. 300 SOA ns1.example.test. hostmaster.example.test. 7 7200 1800 604800 300";

    Map<String, String> table =
        Map.ofEntries(
            Map.entry(
                "web.example.test A",
                "NOERROR | web.example.test. 3600 A 192.0.2.2; web.example.test. 3600 A 192.0.2.3 |"
                    + " "
                    + servers),
            Map.entry(
                "www.example.test A",
                "NOERROR | www.example.test. 3600 CNAME web.example.test.; web.example.test. 3600 A"
                    + " 192.0.2.2; web.example.test. 3600 A 192.0.2.3 | "
                    + servers),
            Map.entry(
                "www.example.test CNAME",
                "NOERROR | www.example.test. 3600 CNAME web.example.test. | " + servers),
            Map.entry("web.example.test AAAA", "NOERROR |  | " + soa),
            Map.entry("no.example.test A", "NXDOMAIN |  | " + soa),
            Map.entry("deep.name.example.test A", "NOERROR |  | " + soa),
            Map.entry("name.example.test A", "NOERROR |  | " + soa),
            Map.entry(
                "x.wild.example.test TXT",
                "NOERROR | x.wild.example.test. 3600 TXT \"any name\" \"here\" | " + servers),
            Map.entry(
                "x.y.wild.example.test TXT",
                "NOERROR | x.y.wild.example.test. 3600 TXT \"any name\" \"here\" | " + servers),
            Map.entry("wild.example.test TXT", "NOERROR |  | " + soa),
            Map.entry(
                "mail.example.test MX",
                "NOERROR | mail.example.test. 3600 MX 10 ns1.example.test. | "
                    + servers
                    + " | ns1.example.test. 60 A 192.0.2.1"),
            Map.entry(
                "x.sub.example.test A",
                "NOERROR |  | sub.example.test. 3600 NS ns.sub.example.test. | ns.sub.example.test."
                    + " 3600 A 192.0.2.9"),
            Map.entry(
                "example.test SOA",
                "NOERROR | example.test. 3600 SOA ns1.example.test. hostmaster.example.test. 7 7200"
                    + " 1800 604800 300 | "
                    + servers),
            Map.entry(
                "odd.example.test TYPE65280",
                "NOERROR | odd.example.test. 3600 TYPE65280 \\# 2 abcd | " + servers),
            Map.entry("other.test A", "REFUSED"));
    table.forEach((question, answer) -> {
      String[] words = question.split(" ");
      assertThat(text(ask(chain, words[0], words[1]))).as(question).isEqualTo(answer);
    });
  }

  @Test
  void shouldMakeIpv6AddressesOfIpv4Ones() {
    HandlerChain chain = chain(HOSTS + "dns64");

    assertThat(text(ask(chain, "web.internal.test", "AAAA", "2001:db8::1")))
        .isEqualTo("NOERROR | web.internal.test. 600 AAAA 64:ff9b::c000:201");
    assertThat(ask(chain, "web.internal.test", "AAAA").answers()).isEmpty();
    HandlerChain wide = chain(HOSTS + "dns64 2001:db8::/32 {\nallow_ipv4\n}");
    assertThat(text(ask(wide, "web.internal.test", "AAAA")))
        .isEqualTo("NOERROR | web.internal.test. 600 AAAA 2001:db8:c000:201::");
  }

  @Test
  void shouldAnswerAnyShortly() {
    assertThat(text(ask(chain(HOSTS + "any"), "web.internal.test", "ANY")))
        .isEqualTo("NOERROR | web.internal.test. 8482 HINFO \"ANY obsoleted\" \"See RFC 8482\"");
  }

  @Test
  void shouldWalkTheSearchListOfAFile() throws IOException {
    Path list =
        Files.writeString(folder.resolve("resolv.conf"), "search demo.test internal.test\n");
    HandlerChain chain =
        chain(HOSTS + "template IN ANY demo.test {\nrcode NXDOMAIN\n}\nautopath " + list);

    assertThat(text(ask(chain, "web.demo.test", "A")))
        .isEqualTo(
            "NOERROR | web.demo.test. 3600 CNAME web.internal.test.; web.internal.test. 3600 A"
                + " 192.0.2.1");
    // The client walks the list by itself.
    assertThat(ask(chain, "no.demo.test", "A").rcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void shouldDropWhatANetworkIsToldTooOften() {
    HandlerChain chain = chain(HOSTS + "rrl {\nresponses-per-second 3\nslip-ratio 2\n}");
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < 7; i++) {
      seen.append(outcome(chain, "192.0.2." + i));
    }
    // Three for the network; then every second one asks it to come by TCP.
    assertThat(seen).hasToString("aaa-t-t");
    assertThat(outcome(chain, "198.51.100.1")).isEqualTo("a");
    // What is owed comes back with time.
    place.passSeconds(2);
    assertThat(outcome(chain, "192.0.2.1")).isEqualTo("a");
    assertThat(place.metrics.count("rrl_responses_exceeded")).isEqualTo(4);
  }

  /** {@code a} for an answer, {@code t} for a truncated one, {@code -} for none. */
  private static String outcome(HandlerChain chain, String client) {
    DnsMessage query =
        DnsMessage.query(7, Question.of(DnsName.parse("web.internal.test"), RecordType.A));
    Query asked = Query.of(query, new InetSocketAddress(client, 1234));
    DnsMessage answer = chain.answer(asked).toCompletableFuture().join();
    return asked.delivery().isDropped() ? "-" : answer.header().isTruncated() ? "t" : "a";
  }

  private void cluster() {
    EndpointSlice.Endpoint named =
        new EndpointSlice.Endpoint(
            List.of(io.podwire.packet.addr.IpAddress.parse("10.244.1.3")),
            true,
            true,
            false,
            null,
            "node-1",
            "web-abc");
    state.accept(
        TestCluster.snapshot(
            1,
            TestCluster.namespace("demo"),
            TestCluster.namespace("other"),
            TestCluster.clusterIp("demo/web", List.of("10.96.0.20")),
            TestCluster.clusterIp("other/web", List.of("10.96.0.21")),
            TestCluster.headless("demo/db", TestCluster.port("sql", Protocol.TCP, 5432)),
            TestCluster.slice(
                "demo/db-1", "db", List.of(TestCluster.target("sql", Protocol.TCP, 5432)), named)));
  }

  @Test
  void shouldShowTheClusterAsTheOptionsSay() {
    cluster();
    String zone = "kubernetes cluster.local in-addr.arpa {\n";
    Map<String, Map<String, String>> table =
        Map.of(
            "",
                Map.of(
                    "web.demo.svc.cluster.local A",
                        "NOERROR | web.demo.svc.cluster.local. 5 A 10.96.0.20",
                    "10-244-1-3.db.demo.svc.cluster.local A",
                        "NOERROR | 10-244-1-3.db.demo.svc.cluster.local. 5 A 10.244.1.3",
                    "1-2-3-4.demo.pod.cluster.local A", "NXDOMAIN",
                    "3.1.244.10.in-addr.arpa PTR",
                        "NOERROR | 3.1.244.10.in-addr.arpa. 5 PTR"
                            + " 10-244-1-3.db.demo.svc.cluster.local.",
                    "9.9.9.9.in-addr.arpa PTR", "NXDOMAIN"),
            "ttl 30",
                Map.of(
                    "web.demo.svc.cluster.local A",
                    "NOERROR | web.demo.svc.cluster.local. 30 A 10.96.0.20"),
            "namespaces demo",
                Map.of(
                    "web.demo.svc.cluster.local A",
                        "NOERROR | web.demo.svc.cluster.local. 5 A 10.96.0.20",
                    "web.other.svc.cluster.local A", "NXDOMAIN",
                    "21.0.96.10.in-addr.arpa PTR", "NXDOMAIN"),
            "endpoint_pod_names",
                Map.of(
                    "web-abc.db.demo.svc.cluster.local A",
                        "NOERROR | web-abc.db.demo.svc.cluster.local. 5 A 10.244.1.3",
                    "10-244-1-3.db.demo.svc.cluster.local A", "NXDOMAIN",
                    "3.1.244.10.in-addr.arpa PTR",
                        "NOERROR | 3.1.244.10.in-addr.arpa. 5 PTR"
                            + " web-abc.db.demo.svc.cluster.local."),
            "noendpoints",
                Map.of(
                    "db.demo.svc.cluster.local A", "NXDOMAIN",
                    "web.demo.svc.cluster.local A",
                        "NOERROR | web.demo.svc.cluster.local. 5 A 10.96.0.20"),
            "ignore empty_service",
                Map.of(
                    "web.demo.svc.cluster.local A",
                    "NXDOMAIN",
                    "db.demo.svc.cluster.local A",
                    "NOERROR | db.demo.svc.cluster.local. 5 A 10.244.1.3"),
            "pods insecure",
                Map.of(
                    "1-2-3-4.demo.pod.cluster.local A",
                    "NOERROR | 1-2-3-4.demo.pod.cluster.local. 5 A 1.2.3.4"),
            "pods verified", Map.of("1-2-3-4.demo.pod.cluster.local A", "NXDOMAIN"),
            "fallthrough in-addr.arpa",
                Map.of(
                    "9.9.9.9.in-addr.arpa PTR",
                    "REFUSED",
                    "no.demo.svc.cluster.local A",
                    "NXDOMAIN"));
    table.forEach((option, questions) -> {
      HandlerChain chain = chain(zone + option + "\n}");
      questions.forEach((question, answer) -> {
        String[] words = question.split(" ");
        DnsMessage seen = ask(chain, words[0], words[1]);
        String text = text(seen.withAuthority(List.of()));
        assertThat(text).as(option + ": " + question).isEqualTo(answer);
        assertThat(seen.header().isRecursionAvailable()).isFalse();
      });
    });
  }

  @Test
  void shouldNameItselfWhereItIsAsked() throws IOException {
    String corefile = ".:0 {\nbind 127.0.0.1\nnsid server one\nbufsize 600\nwhoami\n}\n";
    Path file = Files.writeString(folder.resolve("Corefile"), corefile);
    try (RunningServer server =
        RunningServer.start(
            new DnsConfiguration(CorefileSource.of(file, Map.of()), List.of(), 1, null))) {
      org.xbill.DNS.SimpleResolver resolver =
          new org.xbill.DNS.SimpleResolver(server.addresses().get(0));
      resolver.setEDNS(0, 4096, 0, List.of(new org.xbill.DNS.NSIDOption(new byte[0])));
      org.xbill.DNS.OPTRecord opt =
          resolver
              .send(
                  org.xbill.DNS.Message.newQuery(
                      org.xbill.DNS.Record.newRecord(
                          org.xbill.DNS.Name.fromString("a.test."), RecordType.A, 1)))
              .getOPT();

      assertThat(opt.getPayloadSize()).isEqualTo(600);
      // Behind the option's code and length.
      assertThat(new String(opt.getOptions(3).get(0).toWire(), 4, 10, StandardCharsets.UTF_8))
          .isEqualTo("server one");
    }
  }
}
