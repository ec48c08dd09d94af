package io.podwire.dns.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podwire.dns.corefile.Problems;
import io.podwire.dns.kubernetes.ClusterState;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class CorefileServerTest {
  @TempDir Path folder;

  private static List<String> problems(String corefile, boolean follows) {
    Problems problems = new Problems();
    CorefileSource source = new CorefileSource(null, corefile, Map.of());
    BlockPlan.of(
        source.read(corefile, problems), PluginOrder.of(new ClusterState(), follows), problems);
    return problems.lines();
  }

  private static String kubeadm() throws IOException {
    try (var file = CorefileServerTest.class.getResourceAsStream("kubeadm.Corefile")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void shouldAcceptWhatKubeadmWrites() throws IOException {
    assertThat(problems(kubeadm(), true)).isEmpty();
    assertThat(problems(kubeadm(), false))
        .singleElement()
        .asString()
        .startsWith("Corefile:7: kubernetes needs a control plane");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bogus                             | unknown plugin 'bogus'; known: any, autopath,
          cache 0                           | '0' is no ttl in seconds
          cache { success }                 | 'success' lacks capacity
          cache { bogus 1 }                 | unknown option 'bogus' of cache; known: success,
          cache { servfail 6m }             | failures are kept for at most 5m
          forward                           | 'forward' lacks zone to forward
          forward .                         | 'forward' lacks upstreams
          forward . 192.0.2.1 { next X }    | 'X' is no rcode
          forward . 192.0.2.1 { failover NOERROR } | 'failover' takes no NOERROR
          forward . 192.0.2.1 { max_age 5s } | 'max_age' is less than 'expire'
          kubernetes { labels a b }         | 'a b' is no label selector
          kubernetes { namespaces a; namespace_labels b } | 'namespaces' and 'namespace_labels' exclude each other
          rewrite bogus a b                 | 'bogus' is no field to rewrite; known: name, type, class, edns0, ttl, rcode, cname
          rewrite class IN XX               | 'XX' is no class
          rewrite rcode a.test BOGUS NOERROR | 'BOGUS' is no rcode
          rewrite ttl a.test 60-30          | '60-30' is no ttl: 60 is more than 30
          rewrite edns0 local set 70000 x   | '70000' is no number of an EDNS option
          rewrite edns0 local set 1 {bogus} | '{bogus}' is no variable here
          rewrite edns0 subnet set 33 1     | '33' is no number of bits of IPv4
          rewrite name regex (.*) {2}.test  | '{2}.test.' names more groups than
          template IN A { expr true }       | 'expr' is not built
          template IN A { answer "{{ .Bogus }}" } | '{{.Bogus}}' is not built
          template IN A { ederror x }       | 'x' is no extended error code
          forward . one.one.one.one         | 'one.one.one.one' is no upstream
          forward . 192.0.2.1 { policy x }  | 'x' is no policy; known: random, round_robin, sequential
          forward . 192.0.2.1 { expire 5 }  | '5' has no unit
          kubernetes                        | kubernetes needs a control plane
          kubernetes { pods all }           | 'all' is no mode of pods; known: disabled, insecure, verified
          kubernetes { ttl 4000 }           | '4000' is no ttl in seconds; write a whole number from 0 to 3600
          kubernetes { endpoint http://x }  | 'endpoint' is not needed here
          kubernetes in-addr.arpa           | kubernetes needs a zone that is no reverse one
          hosts { 192.0.2.1 }               | '192.0.2.1' is not an address and names
          hosts /no/such/file               | /no/such/file cannot be read
          health nowhere                    | 'nowhere' is no address and port
          health { lameduck x }             | 'x' is no duration
          loadbalance weighted              | 'loadbalance' lacks a file with weights
          log . "{bogus}"                   | unknown place '{bogus}' in the format of log
          log { class bogus }               | 'bogus' is no class; known: all, success, denial, error
          errors { consolidate 5s ( }       | '(' is no regular expression
          reload 1s                         | the interval of reload is at least 2s
          bind nowhere.example              | 'nowhere.example' is no address and no interface
          tls /no/cert /no/key              | these files make no TLS server
          whoami now                        | 'whoami' takes no 'now'
          whoami { now }                    | unknown option 'now' of whoami, which has none
          """)
  void shouldSayWhatIsWrongInALine(String line, String problem) {
    String lines = line.replaceFirst(" \\{ ", " {\n").replaceAll(" }$", "\n}").replace("; ", "\n");

    assertThat(problems(".:53 {\n" + lines + "\n}", false))
        .anySatisfy(each -> assertThat(each).startsWith("Corefile:").contains(": " + problem));
  }

  @Test
  void shouldRefuseAPluginTwiceAndTlsWithoutACertificate() {
    assertThat(problems(".:53 {\nerrors\nerrors\n}\ntls://a.test {\nwhoami\n}", false))
        .containsExactly(
            "Corefile:3: 'errors' is in this block already",
            "Corefile:5: tls:// needs a certificate; add tls CERT KEY to the block");
  }

  private static Message ask(RunningServer server, String name, int type) throws IOException {
    SimpleResolver resolver = new SimpleResolver(server.addresses().get(0));
    resolver.setTimeout(Duration.ofSeconds(5));
    return resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name), type, 1)));
  }

  private static String answers(RunningServer server, String name) throws IOException {
    return ask(server, name, Type.A).getSection(Section.ANSWER).toString();
  }

  private RunningServer server(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("Corefile"), text);
    return RunningServer.start(
        new DnsConfiguration(CorefileSource.of(file, Map.of()), List.of(), 1, null));
  }

  private static String hosts(String address) {
    return ".:0 {\nbind 127.0.0.1\nhosts /dev/null {\n" + address + " a.test\nfallthrough\n}\n}\n";
  }

  @Test
  void shouldServeTheZoneThatFitsBest() throws IOException {
    int port;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String text =
        """
        .:PORT {
            bind 127.0.0.1
            hosts /dev/null {
                192.0.2.1 a.example.org b.test
            }
        }
        example.org:PORT {
            bind 127.0.0.1
            hosts /dev/null {
                192.0.2.2 a.example.org
            }
        }
        """
            .replace("PORT", Integer.toString(port));
    try (RunningServer server = server(text)) {
      assertThat(server.addresses()).hasSize(1);
      assertThat(answers(server, "A.example.org.")).contains("192.0.2.2");
      assertThat(answers(server, "b.test.")).contains("192.0.2.1");
      assertThat(ask(server, "b.example.org.", Type.A).getRcode()).isEqualTo(2);
    }
  }

  @Test
  void shouldServeAChangedFileAndNoWrongOne() throws Exception {
    try (RunningServer server = server(hosts("192.0.2.1"))) {
      InetSocketAddress address = server.addresses().get(0);
      assertThat(answers(server, "a.test.")).contains("192.0.2.1");

      Files.writeString(folder.resolve("Corefile"), hosts("192.0.2.1").replace("hosts", "bogus"));
      assertThat(server.reload()).isFalse();
      assertThat(answers(server, "a.test.")).contains("192.0.2.1");

      Files.writeString(folder.resolve("Corefile"), hosts("192.0.2.9"));
      assertThat(server.reload()).isTrue();
      // What was ready belongs to the file before.
      assertThat(answers(server, "a.test.")).contains("192.0.2.9");
      assertThat(server.addresses()).containsExactly(address);
      assertThat(server.metrics().count("reload_failed")).isEqualTo(1);
    }
  }

  @Test
  void shouldLookAtTheFileNowAndThen() throws Exception {
    String every = hosts("192.0.2.1").replaceFirst("hosts", "reload 2s 0s\nhosts");
    try (RunningServer server = server(every)) {
      assertThat(answers(server, "a.test.")).contains("192.0.2.1");
      Files.writeString(folder.resolve("Corefile"), every.replace("hosts", "bogus"));
      await().until(() -> server.metrics().count("reload_failed") == 1);
      assertThat(answers(server, "a.test.")).contains("192.0.2.1");
      Files.writeString(folder.resolve("Corefile"), every.replace("192.0.2.1", "192.0.2.5"));

      await().until(() -> answers(server, "a.test.").contains("192.0.2.5"));
      // What was wrong was said once.
      assertThat(server.metrics().count("reload_failed")).isEqualTo(1);
    }
  }

  @Test
  void shouldShowHealthReadinessAndMetrics() throws Exception {
    String ports =
        """
        .:0 {
            bind 127.0.0.1
            hosts /dev/null {
                192.0.2.1 a.test
                fallthrough
            }
            health 127.0.0.1:HEALTH
            ready 127.0.0.1:READY
            prometheus 127.0.0.1:METRICS
            loadbalance
        }
        """;
    for (String each : List.of("HEALTH", "READY", "METRICS")) {
      try (var free = new java.net.ServerSocket(0)) {
        ports = ports.replace(each, Integer.toString(free.getLocalPort()));
      }
    }
    String[] numbers =
        ports
            .replaceAll("(?s).*127.0.0.1:(\\d+).*127.0.0.1:(\\d+).*127.0.0.1:(\\d+).*", "$1 $2 $3")
            .split(" ");
    try (RunningServer server = server(ports)) {
      for (int i = 0; i < 3; i++) {
        answers(server, "a.test.");
      }
      ask(server, "b.test.", Type.AAAA);

      assertThat(get(numbers[0], "/health").body()).isEqualTo("OK");
      assertThat(get(numbers[0], "/other").statusCode()).isEqualTo(404);
      assertThat(get(numbers[1], "/ready").statusCode()).isEqualTo(200);
      String page = get(numbers[2], "/metrics").body();
      assertThat(page)
          .contains("# TYPE coredns_dns_requests_total counter")
          .containsPattern("coredns_dns_requests_total\\{[^}]*type=\"A\"[^}]*\\} 3")
          .containsPattern("coredns_dns_responses_total\\{[^}]*rcode=\"NOERROR\"[^}]*\\} 3")
          .containsPattern("coredns_dns_responses_total\\{[^}]*rcode=\"REFUSED\"[^}]*\\} 1")
          .containsPattern("coredns_dns_request_duration_seconds_bucket\\{.*le=\"\\+Inf\"\\} 4");
      assertThat(server.counters().get("answers.ready")).isEqualTo(2);

      assertThat(server.reload()).isTrue();
      assertThat(get(numbers[0], "/health").body()).isEqualTo("OK");
    }
  }

  private static HttpResponse<String> get(String port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void shouldServeAndAskOverTls() throws Exception {
    Path cert =
        Path.of(
            Objects.requireNonNull(CorefileServerTest.class.getResource("tls/cert.pem")).toURI());
    String served =
        "tls://.:0 {\nbind 127.0.0.1\ntls "
            + cert
            + " "
            + cert.resolveSibling("key.pem")
            + "\nhosts /dev/null {\n192.0.2.1 a.test\n}\n}\n";
    try (RunningServer server = server(served)) {
      String asking =
          ".:0 {\nbind 127.0.0.1\nforward . tls://127.0.0.1%NAME:"
              + server.addresses().get(0).getPort()
              + " {\ntls "
              + cert
              + "\n}\n}\n";
      try (RunningServer client = server(asking.replace("NAME", "dns.test"))) {
        assertThat(answers(client, "a.test.")).contains("192.0.2.1");
        // The second one goes over the connection of the first.
        assertThat(answers(client, "a.test.")).contains("192.0.2.1");
      }
      try (RunningServer deceived = server(asking.replace("NAME", "other.test"))) {
        assertThat(ask(deceived, "a.test.", Type.A).getRcode()).isEqualTo(2);
      }
    }
  }

  @Test
  void shouldEndWhereItsQuestionsComeBack() throws Exception {
    int port;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String text = ".:" + port + " {\nbind 127.0.0.1\nloop\nforward . 127.0.0.1:" + port + "\n}\n";
    try (RunningServer server = server(text)) {
      assertThat(server.stopped().get(10, TimeUnit.SECONDS))
          .contains("loop")
          .contains("detected for zone '.'")
          .contains("HINFO");
    }
  }

  @Test
  void shouldGoOnWhereNoQuestionComesBack() throws Exception {
    try (RunningServer server = server(".:0 {\nbind 127.0.0.1\nloop\nwhoami\n}\n")) {
      await().until(() -> server.counters().get("queries.udp") >= 1);
      assertThat(server.stopped()).isNotDone();
      assertThat(ask(server, "me.test.", Type.A).getSection(Section.ADDITIONAL).toString())
          .contains("127.0.0.1");
    }
  }
}
