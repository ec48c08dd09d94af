package io.podwire.dns.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** All metrics have the names and the labels that CoreDNS has; there are no others. */
class MetricsTableTest {
  private static final String NAMES =
      """
      coredns_autopath_success_total{server}
      coredns_build_info{goversion,revision,version}
      coredns_cache_entries{server,type,view,zones}
      coredns_cache_evictions_total{server,type,view,zones}
      coredns_cache_hits_total{server,type,view,zones}
      coredns_cache_misses_total{server,view,zones}
      coredns_cache_prefetch_total{server,view,zones}
      coredns_cache_requests_total{server,view,zones}
      coredns_cache_served_stale_total{server,view,zones}
      coredns_dns64_requests_translated_total{server}
      coredns_dns_do_requests_total{server,view,zone}
      coredns_dns_request_duration_seconds{server,view,zone}
      coredns_dns_request_size_bytes{proto,server,view,zone}
      coredns_dns_requests_total{family,proto,server,type,view,zone}
      coredns_dns_response_size_bytes{proto,server,view,zone}
      coredns_dns_responses_total{plugin,rcode,server,view,zone}
      coredns_forward_healthcheck_broken_total{}
      coredns_forward_max_concurrent_rejects_total{}
      coredns_health_request_duration_seconds{}
      coredns_health_request_failures_total{}
      coredns_hosts_entries{}
      coredns_hosts_reload_timestamp_seconds{}
      coredns_panics_total{}
      coredns_plugin_enabled{name,server,view,zone}
      coredns_proxy_conn_cache_hits_total{proto,proxy_name,to}
      coredns_proxy_conn_cache_misses_total{proto,proxy_name,to}
      coredns_proxy_healthcheck_failures_total{proxy_name,to}
      coredns_proxy_request_duration_seconds{proxy_name,rcode,to}
      coredns_reload_failed_total{}
      coredns_reload_version_info{hash,value}
      coredns_template_matches_total{class,server,type,view,zone}
      coredns_template_rr_failures_total{class,section,server,template,type,view,zone}
      coredns_template_template_failures_total{class,section,server,template,type,view,zone}
      """;

  private static final Pattern SERIES = Pattern.compile("^(coredns_\\w+)(?:\\{(.*)})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

  @TempDir Path folder;

  private static final String COREFILE =
      """
      .:0 {
          bind 127.0.0.1
          health 127.0.0.1:PORT
          prometheus 127.0.0.1:PORT
          dns64 {
              allow_ipv4
          }
          autopath demo.test SEARCH
          cache 1 kept.test {
              success 1 1 1
              prefetch 1 1m 90%
              serve_stale 1h
          }
          template IN A ip.test kept.test demo.test {
              match (bad|worse|good).*
              answer "{{ .Name }} 1 IN A 192.0.2.{{ parseInt .Group.1 36 16 }}"
              fallthrough
          }
          template IN A kept.test {
              answer "{{ .Name }} 1 IN A 192.0.2.1"
          }
          template IN TXT ip.test {
              answer "{{ .Name }} 1 IN A none"
          }
          template IN ANY demo.test {
              rcode NXDOMAIN
              authority "demo.test. 60 IN SOA ns.demo.test. host.demo.test. (1 60 60 60 60)"
          }
          hosts HOSTS {
              192.0.2.1 a.test a.here.test
              fallthrough
          }
          forward up.test 127.0.0.2:PORT {
              force_tcp
          }
          forward dead.test 127.0.0.1:9 {
              health_check 5ms
          }
          forward busy.test SILENT {
              max_concurrent 1
          }
      }
      up.test:PORT {
          bind 127.0.0.2
          whoami
      }
      """;

  @Test
  void shouldBeThoseOfTheTable() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.2"))) {
      port = free.getLocalPort();
    }
    Path search = Files.writeString(folder.resolve("resolv.conf"), "search demo.test here.test\n");
    Path hosts = Files.writeString(folder.resolve("hosts"), "192.0.2.7 seven.test\n");
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String text =
          COREFILE
              .replace("PORT", Integer.toString(port))
              .replace("SEARCH", search.toString())
              .replace("HOSTS", hosts.toString())
              .replace("SILENT", "127.0.0.1:" + silent.getLocalPort());
      Path file = Files.writeString(folder.resolve("Corefile"), text);
      try (RunningServer server =
          RunningServer.start(
              new DnsConfiguration(CorefileSource.of(file, Map.of()), List.of(), 1, null))) {
        traffic(server);
        Files.writeString(file, text.replace("dns64", "bogus"));
        assertThat(server.reload()).isFalse();
        Files.writeString(file, text + "\n");
        assertThat(server.reload()).isTrue();

        await()
            .untilAsserted(() ->
                assertThat(series(page(port))).containsExactlyElementsOf(NAMES.lines().toList()));
        assertThat(page(port))
            .containsPattern("coredns_dns_responses_total\\{[^}]*plugin=\"hosts\"")
            .containsPattern("coredns_dns_responses_total\\{[^}]*plugin=\"cache\"")
            .containsPattern("coredns_dns_responses_total\\{[^}]*plugin=\"forward\"");
      }
    }
  }

  private static void traffic(RunningServer server) throws Exception {
    for (int i = 0; i < 3; i++) {
      ask(server, "a.test.", Type.A);
      ask(server, "x.up.test.", Type.A);
    }
    ask(server, "a.test.", Type.AAAA);
    ask(server, "a.demo.test.", Type.A);
    ask(server, "good.ip.test.", Type.A);
    ask(server, "worse.ip.test.", Type.A);
    ask(server, "z.ip.test.", Type.TXT);
    SimpleResolver busy = resolver(server);
    busy.sendAsync(query("one.busy.test.", Type.A));
    await()
        .until(() -> {
          ask(server, "two.busy.test.", Type.A);
          return server.metrics().count("forward_max_concurrent_rejects") > 0;
        });
    await()
        .until(() -> {
          ask(server, "dead.test.", Type.A);
          return server.metrics().count("forward_healthcheck_broken") > 0;
        });
    // Asked for again, it is renewed before it ends; left alone for its second, it is stale.
    ask(server, "x.kept.test.", Type.A);
    ask(server, "x.kept.test.", Type.A);
    assertThat(server.metrics().count("cache_prefetch")).isPositive();
    await()
        .pollDelay(Duration.ofMillis(1050))
        .pollInterval(Duration.ofMillis(1050))
        .until(() -> {
          ask(server, "x.kept.test.", Type.A);
          return server.metrics().count("cache_served_stale") > 0;
        });
    ask(server, "y.kept.test.", Type.A);
  }

  private static SimpleResolver resolver(RunningServer server) {
    SimpleResolver resolver = new SimpleResolver(server.addresses().get(0));
    resolver.setTimeout(Duration.ofSeconds(8));
    resolver.setEDNS(0, 1232, ExtendedFlags.DO, List.of());
    return resolver;
  }

  private static Message query(String name, int type) throws IOException {
    return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
  }

  private static void ask(RunningServer server, String name, int type) throws IOException {
    resolver(server).send(query(name, type));
  }

  private static String page(int port) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  /** Names with the names of their labels; a histogram is one. */
  private static Set<String> series(String page) {
    Set<String> found = new TreeSet<>();
    for (String line : page.split("\n")) {
      Matcher series = SERIES.matcher(line);
      if (!series.matches() || series.group(1).endsWith("_created")) {
        continue;
      }
      Set<String> labels = new TreeSet<>();
      Matcher label = LABEL.matcher(series.group(2) == null ? "" : series.group(2));
      while (label.find()) {
        labels.add(label.group(1));
      }
      labels.remove("le");
      found.add(
          series.group(1).replaceAll("_(bucket|count|sum)$", "")
              + "{"
              + String.join(",", labels)
              + "}");
    }
    return found;
  }
}
