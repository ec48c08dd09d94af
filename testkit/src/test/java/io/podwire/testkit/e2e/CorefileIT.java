package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose DNS server serves by the Corefile that kubeadm writes, as it is. */
class CorefileIT {
  @TempDir static Path scratch;

  private static CommandCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("dig", "curl");
    cluster =
        CommandCluster.up(
            scratch,
            "--nodes",
            "1",
            "--service-cidr",
            "10.96.0.0/16,fd00:10:96::/112",
            "--hosts",
            resource("hosts").toString(),
            "--corefile",
            resource("kubeadm.Corefile").toString(),
            "-f",
            resource("cluster.yaml").toString());
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Path resource(String name) throws IOException {
    return TestFiles.copy("dns/" + name, scratch);
  }

  private static String asker(String... command) throws Exception {
    return cluster.podwire().exec("asker", command).succeeded().out().strip();
  }

  private static String dig(String... words) throws Exception {
    String[] command = new String[words.length + 3];
    command[0] = "dig";
    command[1] = "+noall";
    command[2] = "+answer";
    System.arraycopy(words, 0, command, 3, words.length);
    return asker(command).replaceAll("\\s+", " ");
  }

  @Test
  void shouldServeTheClusterTheWorldOutsideAndItsOwnState() throws Exception {
    assertThat(dig("web.default.svc.cluster.local"))
        .isEqualTo("web.default.svc.cluster.local. 30 IN A 10.96.1.1");
    assertThat(dig("-x", "10.96.1.1")).endsWith("IN PTR web.default.svc.cluster.local.");
    assertThat(dig("1-2-3-4.shop.pod.cluster.local")).endsWith("IN A 1.2.3.4");
    // Twice, so that the second one is from the cache.
    dig("www.example.test");
    assertThat(dig("www.example.test")).endsWith("IN A 198.51.100.7");

    String server = asker("dig", "+short", "kube-dns.kube-system.svc.cluster.local");
    assertThat(server).isEqualTo("10.96.0.10");
    String pod =
        cluster.podwire().run("get", "pods", "-n", "kube-system", "-o", "wide").succeeded().out();
    String address = pod.replaceAll("(?s).*podwire-dns-1\\s.*?(10\\.244\\.\\d+\\.\\d+).*", "$1");
    assertThat(asker("curl", "-sS", "http://" + address + ":8080/health")).isEqualTo("OK");
    assertThat(asker("curl", "-sS", "http://" + address + ":8181/ready")).isEqualTo("OK");
    assertThat(asker("curl", "-sS", "http://" + address + ":9153/metrics"))
        .contains("coredns_dns_requests_total{")
        .containsPattern("coredns_cache_hits_total\\{[^}]*type=\"success\"[^}]*} [1-9]");
  }
}
