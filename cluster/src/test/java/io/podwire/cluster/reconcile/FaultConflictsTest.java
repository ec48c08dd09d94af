package io.podwire.cluster.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.reconcile.FaultConflicts.Acting;
import io.podwire.packet.addr.Cidr;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultConflictsTest {

  private static final PacketEffect DELAY =
      new PacketEffect.Delay(
          Duration.ofMillis(1), Duration.ZERO, 0, PacketEffect.Distribution.UNIFORM);
  private static final PacketEffect LOSS = new PacketEffect.RandomLoss(0.1, 0);
  private static final PacketEffect NTH = new PacketEffect.NthLoss(3, 0);

  @Test
  void shouldNameWhatBothDo() {
    assertThat(FaultConflicts.between(acting(DELAY, link("")), acting(DELAY, link(""))))
        .contains("both set a delay on Pod default/web (egress)");
    assertThat(FaultConflicts.between(acting(LOSS, link("")), acting(NTH, link(""))))
        .contains("both set a loss model on Pod default/web (egress)");
  }

  @Test
  void shouldAllowDifferentThingsAndDifferentTraffic() {
    assertThat(FaultConflicts.between(acting(DELAY, link("")), acting(LOSS, link("")))).isEmpty();
    assertThat(
            FaultConflicts.between(
                acting(DELAY, link("10.0.0.1/32")), acting(DELAY, link("10.0.0.2/32"))))
        .isEmpty();
    assertThat(FaultConflicts.between(acting(DELAY, port(80)), acting(DELAY, port(443)))).isEmpty();
    assertThat(
            FaultConflicts.between(
                acting(DELAY, link("10.0.0.1/32")), acting(DELAY, link("10.0.0.0/24"))))
        .isPresent();
  }

  private static Acting acting(PacketEffect effect, FaultLink link) {
    return new Acting(
        new FaultSpec(1, List.of(effect), List.of(), null, null, null), List.of(link));
  }

  private static FaultLink link(String peer) {
    return new FaultLink(
        "n1",
        "default/web",
        FaultLink.Direction.EGRESS,
        TrafficFilter.ALL.withPeers(
            peer.isEmpty() ? List.of() : List.of(Cidr.parse(peer)), List.of()));
  }

  private static FaultLink port(int port) {
    return new FaultLink(
        "n1",
        "default/web",
        FaultLink.Direction.EGRESS,
        new TrafficFilter(
            List.of(), List.of(), 6, List.of(), List.of(new PortRange(port, port)), List.of()));
  }
}
