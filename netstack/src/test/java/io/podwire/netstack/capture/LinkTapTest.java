package io.podwire.netstack.capture;

import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.LinkFault;
import io.podwire.netstack.impair.LinkImpairments;
import io.podwire.netstack.impair.PacketFilter;
import io.podwire.netstack.impair.Pipeline;
import io.podwire.netstack.impair.model.Blackhole;
import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.Distribution;
import io.podwire.netstack.impair.model.Impairment;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.network.TestNetwork;
import io.podwire.netstack.network.TestNode;
import io.podwire.netstack.network.TestPod;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.TcpFlags;
import io.podwire.packet.filter.CaptureFilter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkTapTest {

  private static final int MEMORY = 1 << 20;
  private static final String SERVICE = "10.96.0.10";

  private final TestNetwork network = TestNetwork.ofNodes(2);
  private final TestNode node = network.node(1);
  private final TestPod client = node.addPod(2);
  private final TestPod neighbor = node.addPod(3).serving();
  private final TestPod server = network.node(2).addPod(2).serving();
  private final LinkTap tap = new LinkTap(node.datapath().drops(), () -> 7);
  private final LinkImpairments impairments =
      new LinkImpairments(this::enter, node.datapath().drops());
  private int arrivals;

  private record Seen(
      Direction direction, long nanos, int length, String comment, SeenPacket packet) {}

  private Recording record(String filter) {
    Recording recording =
        new Recording(CaptureFilter.parse(filter), Integer.MAX_VALUE, MEMORY, () -> arrivals++);
    tap.add(recording);
    return recording;
  }

  private static List<Seen> seen(Recording recording) {
    List<Seen> seen = new ArrayList<>();
    recording.read((direction, nanos, length, missed, comment, buffer, offset, captured) -> {
      byte[] bytes = new byte[captured];
      buffer.get(offset, bytes);
      SeenPacket packet = SeenPacket.of(TestNetwork.frameOf(bytes, 0));
      return seen.add(new Seen(direction, nanos, length, comment, packet));
    });
    return seen;
  }

  private boolean enter(Frame frame) {
    node.datapath().enterFromPod(client.port(), frame, network.nowMillis());
    return true;
  }

  private void fault(Impairment impairment) {
    impairments.observe(
        (fault, cause, frame) -> tap.lost(Direction.EGRESS, frame, fault.id() + " " + cause));
    impairments.put(
        new LinkFault(
            "default/f",
            PacketFilter.ALL,
            Direction.EGRESS,
            "default/pod",
            1,
            0,
            Pipeline.of(impairment)),
        0);
    client.port().divertInput(frame -> impairments.transmit(frame, 0));
  }

  @Test
  void shouldSeeBothWaysAsThePodDoes() {
    node.serve(IpProtocol.UDP, SERVICE, 53, server.ip() + ":5353");
    client.port().tap(tap);
    Recording recording = record("udp");

    client.send(udp(client.ip(), SERVICE).ports(4000, 53).payload("question"));
    network.run();

    List<Seen> seen = seen(recording);
    assertThat(seen)
        .hasSize(2)
        .allSatisfy(one -> {
          assertThat(one.comment()).isEmpty();
          assertThat(one.nanos()).isEqualTo(7);
        });
    assertThat(seen.get(0).direction()).isEqualTo(Direction.EGRESS);
    assertThat(seen.get(0).packet().destination()).isEqualTo(SERVICE);
    assertThat(seen.get(1).direction()).isEqualTo(Direction.INGRESS);
    assertThat(seen.get(1).packet().source()).isEqualTo(SERVICE);
    assertThat(arrivals).isEqualTo(2);
  }

  @Test
  void shouldSeeWhatTravelsBetweenNodes() {
    node.datapath().tapUplink(tap);
    Recording recording = record("");

    client.send(udp(client.ip(), server.ip()).ports(4000, 53).payload("far"));
    client.send(udp(client.ip(), neighbor.ip()).ports(4000, 53).payload("near"));
    network.run();
    node.datapath().tapUplink(null);
    client.send(udp(client.ip(), server.ip()).ports(4000, 53).payload("afterwards"));
    network.run();

    assertThat(seen(recording))
        .extracting(Seen::direction)
        .containsExactly(Direction.EGRESS, Direction.INGRESS);
    assertThat(server.takePackets()).hasSize(2);
  }

  @Test
  void shouldShowSegmentsAsTheyAreOnALink() {
    client.port().tap(tap);
    Recording recording = record("tcp port 80");

    client.send(
        tcp(client.ip(), neighbor.ip())
            .ports(4000, 80)
            .flags(TcpFlags.SYN)
            .payload(3000)
            .checksumPending()
            .segmentSize(1400));
    network.run();

    assertThat(seen(recording).stream().filter(one -> one.direction() == Direction.EGRESS))
        .extracting(Seen::length)
        .containsExactly(1454, 1454, 254);
  }

  @Test
  void shouldTellWhyTheDatapathDroppedAPacket() {
    client.port().tap(tap);
    Recording recording = record("udp");

    client.send(udp("10.244.1.99", server.ip()).ports(1, 2).payload("forged"));
    client.send(udp(client.ip(), server.ip()).ports(1, 2).payload("honest"));
    network.run();

    assertThat(seen(recording))
        .extracting(Seen::comment)
        .containsExactly("dropped: spoofed ip", "", "");
  }

  @Test
  void shouldShowALostPacketOnceWithTheFaultsName() {
    fault(new Blackhole());
    client.port().tap(tap);
    Recording recording = record("tcp");

    client.send(
        tcp(client.ip(), server.ip())
            .ports(4000, 80)
            .flags(TcpFlags.ACK)
            .payload(2000)
            .checksumPending()
            .segmentSize(1400));
    network.run();

    assertThat(seen(recording))
        .extracting(Seen::comment)
        .containsExactly("default/f PARTITION", "default/f PARTITION");
  }

  @Test
  void shouldTellOfWhatIsDroppedAfterItWasHeld() {
    fault(new Delay(10, 0, 0, Distribution.UNIFORM));
    client.port().tap(tap);
    Recording recording = record("udp");

    client.send(udp("10.244.1.99", server.ip()).ports(1, 2).payload("forged"));
    network.run();
    assertThat(seen(recording)).extracting(Seen::comment).containsExactly("");

    impairments.advance(10);
    assertThat(seen(recording)).extracting(Seen::comment).containsExactly("dropped: spoofed ip");
  }

  @Test
  void shouldChangeNothingForThePod() {
    client.port().tap(tap);
    record("");
    client.send(udp(client.ip(), neighbor.ip()).ports(4000, 53).payload("x").checksumPending());
    network.run();
    assertThat(client.takePacket().text()).isEqualTo("x");

    client.port().tap(null);
    client.send(udp(client.ip(), neighbor.ip()).ports(4000, 53).payload("y"));
    network.run();
    assertThat(client.takePacket().text()).isEqualTo("y");
    assertThat(client.port().isDirect()).isTrue();
  }

  @Test
  void shouldServeSeveralReadersOfOneLink() {
    client.port().tap(tap);
    Recording all = record("");
    Recording none = record("tcp");
    client.send(udp(client.ip(), neighbor.ip()).ports(4000, 53).payload("x"));
    network.run();

    assertThat(seen(all)).hasSize(2);
    assertThat(seen(none)).isEmpty();
  }
}
