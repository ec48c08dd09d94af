package io.podwire.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.cluster.attach.ResolverConfig;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodResolution;
import io.podwire.cluster.model.PodResolution.DnsPolicy;
import io.podwire.cluster.model.PodSpec;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EtcFilesTest {

  private static final String ZONE = "cluster.local";
  private static final IpAddress DNS = IpAddress.parse("10.96.0.10");
  private static final List<IpAddress> OWN = List.of(IpAddress.parse("10.244.1.3"));
  private static final ResolverConfig NODE =
      ResolverConfig.parse("nameserver 192.0.2.53\nsearch example.org\noptions timeout:1\n");

  @Test
  void shouldSearchTheNamespaceFirst() {
    assertThat(resolvConf(pod(false, PodResolution.DEFAULT)))
        .isEqualTo(
            """
            search shop.svc.cluster.local svc.cluster.local cluster.local
            nameserver 10.96.0.10
            options ndots:5
            """);
  }

  @Test
  void shouldUseTheNodesResolverWhereAPodAsksForIt() {
    String ofNode = "search example.org\nnameserver 192.0.2.53\noptions timeout:1\n";

    assertThat(resolvConf(pod(false, policy(DnsPolicy.DEFAULT)))).isEqualTo(ofNode);
    assertThat(resolvConf(pod(true, policy(DnsPolicy.CLUSTER_FIRST)))).isEqualTo(ofNode);
    assertThat(resolvConf(pod(true, policy(DnsPolicy.CLUSTER_FIRST_WITH_HOST_NET))))
        .contains("nameserver 10.96.0.10\n")
        .doesNotContain("192.0.2.53");
  }

  @Test
  void shouldAddWhatThePodConfigures() {
    PodResolution wanted =
        new PodResolution(
            DnsPolicy.CLUSTER_FIRST,
            List.of(IpAddress.parse("192.0.2.1"), DNS, IpAddress.parse("2001:db8::1")),
            List.of("example.com", "svc.cluster.local"),
            List.of("ndots:2", "edns0"),
            List.of(),
            false);

    assertThat(resolvConf(pod(false, wanted)))
        .isEqualTo(
            """
            search shop.svc.cluster.local svc.cluster.local cluster.local example.com
            nameserver 10.96.0.10
            nameserver 192.0.2.1
            nameserver 2001:db8::1
            options ndots:2 edns0
            """);
  }

  @Test
  void shouldHaveNothingElseWithThePolicyNone() {
    PodResolution wanted =
        new PodResolution(
            DnsPolicy.NONE,
            List.of(IpAddress.parse("192.0.2.1")),
            List.of(),
            List.of(),
            List.of(),
            false);

    assertThat(resolvConf(pod(false, wanted))).isEqualTo("nameserver 192.0.2.1\n");
  }

  @Test
  void shouldNameThePodInItsHosts() {
    assertThat(hosts(pod(false, PodResolution.DEFAULT)))
        .startsWith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ")
        .endsWith("\n10.244.1.3\tweb-0\n");
    assertThat(hosts(pod("web", false, PodResolution.DEFAULT)))
        .endsWith("\n10.244.1.3\tweb-0.web.shop.svc.cluster.local\tweb-0\n");
  }

  @Test
  void shouldAddAliasesToTheHosts() {
    PodResolution wanted =
        new PodResolution(
            DnsPolicy.CLUSTER_FIRST,
            List.of(),
            List.of(),
            List.of(),
            List.of(
                new PodResolution.HostAlias(
                    IpAddress.parse("192.0.2.9"), List.of("foo", "foo.example.org"))),
            false);

    assertThat(hosts(pod(false, wanted)))
        .endsWith(
            "\n10.244.1.3\tweb-0\n\n# Entries added by HostAliases.\n"
                + "192.0.2.9\tfoo\tfoo.example.org\n");
    assertThat(hosts(pod(true, wanted)))
        .isEqualTo(
            "# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n\n"
                + "# Entries added by HostAliases.\n192.0.2.9\tfoo\tfoo.example.org\n");
  }

  @Test
  void shouldCallAPodByItsFullNameOnRequest() {
    PodResolution wanted =
        new PodResolution(
            DnsPolicy.CLUSTER_FIRST, List.of(), List.of(), List.of(), List.of(), true);

    assertThat(EtcFiles.hostnameFile(pod("web", false, PodResolution.DEFAULT), ZONE))
        .isEqualTo("web-0\n");
    assertThat(EtcFiles.hostnameFile(pod("web", false, wanted), ZONE))
        .isEqualTo("web-0.web.shop.svc.cluster.local\n");
    assertThat(EtcFiles.hostnameFile(pod(false, wanted), ZONE)).isEqualTo("web-0\n");
    assertThatThrownBy(() -> EtcFiles.hostnameFile(pod("w".repeat(60), false, wanted), ZONE))
        .hasMessageContaining("longer than the 64 characters");
  }

  @Test
  void shouldCutAHostnameToWhatIsAllowed() {
    assertThat(EtcFiles.hostname(null, "web")).isEqualTo("web");
    assertThat(EtcFiles.hostname("own", "web")).isEqualTo("own");
    assertThat(EtcFiles.hostname(null, "a".repeat(62) + "-b")).isEqualTo("a".repeat(62));
  }

  private static String resolvConf(Pod pod) {
    return EtcFiles.resolver(pod, ZONE, DNS, NODE).text();
  }

  private static String hosts(Pod pod) {
    return EtcFiles.hosts(pod, OWN, ZONE, "127.0.0.1 localhost");
  }

  private static PodResolution policy(DnsPolicy policy) {
    return new PodResolution(policy, List.of(), List.of(), List.of(), List.of(), false);
  }

  private static Pod pod(boolean hostNetwork, PodResolution resolution) {
    return pod(null, hostNetwork, resolution);
  }

  private static Pod pod(
      @Nullable String subdomain, boolean hostNetwork, PodResolution resolution) {
    return new Pod(
        new ObjectName("shop", "web-0"),
        "u",
        Map.of(),
        "node-1",
        new PodSpec(
            List.of(),
            PodSpec.RestartPolicy.ALWAYS,
            Map.of(),
            null,
            subdomain,
            hostNetwork,
            resolution),
        PodPhase.PENDING,
        List.of(),
        false,
        false,
        30);
  }
}
