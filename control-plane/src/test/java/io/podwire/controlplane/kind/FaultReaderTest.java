package io.podwire.controlplane.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.Cidr;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultReaderTest {

  private static final FaultLink OUT =
      new FaultLink(
          "node-1",
          "shop/web-1",
          FaultLink.Direction.EGRESS,
          new TrafficFilter(
              List.of(Cidr.parse("10.244.2.5/32"), Cidr.parse("192.0.2.0/24")),
              List.of(Cidr.parse("192.0.2.1/32")),
              6,
              List.of(new PortRange(80, 80)),
              List.of(new PortRange(8000, 8100)),
              List.of(new PortRange(443, 443))));
  private static final FaultLink IN =
      new FaultLink("node-2", "", FaultLink.Direction.INGRESS, TrafficFilter.ALL);

  @Test
  void shouldReadARunningFaultWithWhereItActs() {
    NetworkFault fault = fault("Running", "links", List.of(OUT, IN));

    assertThat(fault.key()).isEqualTo(new ObjectName("shop", "networkfault/f"));
    assertThat(fault.uid()).isEqualTo(FaultManifest.UID);
    assertThat(fault.active()).isTrue();
    assertThat(fault.startMillis()).isEqualTo(1_738_324_800_000L);
    assertThat(fault.deadlineMillis()).isEqualTo(1_738_324_830_500L);
    assertThat(fault.leaseMillis()).isEqualTo(10_000);
    assertThat(fault.links()).containsExactly(OUT, IN);
    assertThat(fault.targets()).containsExactly("shop/web-1");
    assertThat(fault.dnsClients()).containsExactly(Cidr.parse("10.244.1.7/32"));
  }

  @ParameterizedTest
  @CsvSource({"Pending, false", "Running, true", "Ended, false", "Failed, false"})
  void shouldBeActiveOnlyWhileItRuns(String phase, boolean active) {
    assertThat(fault(phase, "links", List.of(OUT)).active()).isEqualTo(active);
  }

  @Test
  void shouldNotBeActiveBeforeItHasLinks() {
    assertThat(fault("Running", "links", List.of()).active()).isFalse();
  }

  @Test
  void shouldNotBeActiveBeforeItHasAStatus() {
    NetworkFault fault =
        (NetworkFault)
            ModelReader.read(
                    FaultManifest.stored(FaultManifest.networkFault("loss: {percent: 1%}")))
                .orElseThrow();

    assertThat(fault.active()).isFalse();
    assertThat(fault.deadlineMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(fault.startMillis()).isZero();
  }

  @Test
  void shouldNotActOnAStatusThatNobodyHereWrote() {
    String yaml =
        FaultManifest.networkFault("loss: {percent: 1%}")
            + "status: {phase: Running, links: [{node: n, peers: [everybody]}]}\n";

    assertThat(FaultReader.fault(FaultManifest.stored(yaml)).active()).isFalse();
  }

  @Test
  void shouldBeActiveWithoutLinksWhereItActsOnNone() {
    String yaml =
        FaultManifest.bare("dns: {action: drop}") + "status: {phase: Running, startTime: x}\n";

    assertThat(FaultReader.fault(FaultManifest.stored(yaml)).active()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "NetworkChaos, '{action: partition, mode: all, selector: {}}', networkchaos/c",
    "DNSChaos, '{action: error, mode: all, selector: {}}', dnschaos/c",
    "PodChaos, '{action: pod-failure, mode: all, selector: {}}', podchaos/c",
  })
  void shouldReadEveryKindOfFaultAsAModelObject(String kind, String spec, String name) {
    String manifest =
        FaultManifest.chaos(kind, spec.substring(1, spec.length() - 1))
            + "status: {phase: Running}\n";

    assertThat(ModelReader.read(FaultManifest.stored(manifest)))
        .get()
        .isInstanceOfSatisfying(
            NetworkFault.class,
            fault -> assertThat(fault.key()).isEqualTo(new ObjectName("shop", name)));
  }

  @Test
  void shouldListTheKindsOfFaults() {
    assertThat(FaultReader.kinds().stream().map(Kind::resource))
        .containsExactly(
            "networkfaults.podwire.io",
            "networkchaos.chaos-mesh.org",
            "dnschaos.chaos-mesh.org",
            "podchaos.chaos-mesh.org");
  }

  private static NetworkFault fault(String phase, String member, List<FaultLink> links) {
    ObjectNode manifest = Checked.yaml(FaultManifest.networkFault("loss: {percent: 1%}"));
    ObjectNode status = manifest.putObject("status");
    status.put("phase", phase);
    status.put("startTime", "2025-01-31T12:00:00.000Z");
    status.put("deadline", "2025-01-31T12:00:30.500Z");
    links.forEach(link -> status.withArray(member).add(FaultLinkText.write(link)));
    status.putArray("targets").add("shop/web-1");
    status.putArray("dnsClients").add("10.244.1.7");
    return FaultReader.fault(FaultManifest.stored(manifest.toString()));
  }
}
