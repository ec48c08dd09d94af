package io.podwire.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.addr.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class EtcFilesTest {

  @Test
  void shouldSearchTheNamespaceFirst() {
    assertThat(EtcFiles.resolvConf("shop", "cluster.local", IpAddress.parse("10.96.0.10")))
        .isEqualTo(
            """
            search shop.svc.cluster.local svc.cluster.local cluster.local
            nameserver 10.96.0.10
            options ndots:5
            """);
  }

  @Test
  void shouldNameThePodInItsHosts() {
    IpAddress ip = IpAddress.parse("10.244.1.3");

    assertThat(EtcFiles.hosts(List.of(ip), "web-0", null, "shop", "cluster.local"))
        .startsWith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ")
        .endsWith("\n10.244.1.3\tweb-0\n");
    assertThat(EtcFiles.hosts(List.of(ip), "web-0", "web", "shop", "cluster.local"))
        .endsWith("\n10.244.1.3\tweb-0.web.shop.svc.cluster.local\tweb-0\n");
  }

  @Test
  void shouldCutAHostnameToWhatIsAllowed() {
    assertThat(EtcFiles.hostname(null, "web")).isEqualTo("web");
    assertThat(EtcFiles.hostname("own", "web")).isEqualTo("own");
    assertThat(EtcFiles.hostname(null, "a".repeat(62) + "-b")).isEqualTo("a".repeat(62));
  }
}
