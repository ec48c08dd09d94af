package io.podwire.agent.fault;

import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.fault.Toxic;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.netstack.impair.Direction;
import io.podwire.netstack.impair.PacketFilter;
import io.podwire.netstack.impair.Pipeline;
import io.podwire.netstack.impair.model.Blackhole;
import io.podwire.netstack.impair.model.Corruption;
import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.Distribution;
import io.podwire.netstack.impair.model.Duplication;
import io.podwire.netstack.impair.model.EcnMarking;
import io.podwire.netstack.impair.model.Flap;
import io.podwire.netstack.impair.model.FourStateLoss;
import io.podwire.netstack.impair.model.GilbertElliottLoss;
import io.podwire.netstack.impair.model.Hold;
import io.podwire.netstack.impair.model.Impairment;
import io.podwire.netstack.impair.model.MtuBlackhole;
import io.podwire.netstack.impair.model.NthLoss;
import io.podwire.netstack.impair.model.QueueLimit;
import io.podwire.netstack.impair.model.RandomLoss;
import io.podwire.netstack.impair.model.Rate;
import io.podwire.netstack.impair.model.Reordering;
import io.podwire.netstack.impair.model.Slot;
import io.podwire.netstack.impair.model.TokenBucket;
import io.podwire.netstack.impair.stream.Toxic.Bandwidth;
import io.podwire.netstack.impair.stream.Toxic.Down;
import io.podwire.netstack.impair.stream.Toxic.Latency;
import io.podwire.netstack.impair.stream.Toxic.LimitData;
import io.podwire.netstack.impair.stream.Toxic.ResetPeer;
import io.podwire.netstack.impair.stream.Toxic.Side;
import io.podwire.netstack.impair.stream.Toxic.Slicer;
import io.podwire.netstack.impair.stream.Toxic.SlowClose;
import io.podwire.netstack.impair.stream.Toxic.Timeout;
import io.podwire.netstack.impair.stream.Toxic.Type;
import java.util.List;
import java.util.Optional;

/** Faults as the cluster words them, in the words of the data path. Stateless. */
final class Impairments {

  /** Packets that a hold keeps, where no limit says otherwise. */
  private static final int HELD_AT_MOST = 100_000;

  private Impairments() {}

  /** What acts on packets; empty where nothing does. */
  static Optional<Pipeline> pipeline(List<PacketEffect> effects) {
    int limit = HELD_AT_MOST;
    for (PacketEffect effect : effects) {
      if (effect instanceof PacketEffect.Limit given) {
        limit = given.packets();
      }
    }
    int held = limit;
    List<Impairment> impairments =
        effects.stream()
            .filter(effect -> !(effect instanceof PacketEffect.InterfaceDown))
            .map(effect -> impairment(effect, held))
            .toList();
    return impairments.isEmpty() ? Optional.empty() : Optional.of(new Pipeline(impairments));
  }

  private static Impairment impairment(PacketEffect effect, int held) {
    return switch (effect) {
      case PacketEffect.Delay delay ->
          new Delay(
              delay.latency().toNanos(),
              delay.jitter().toNanos(),
              delay.correlation(),
              Distribution.valueOf(delay.distribution().name()));
      case PacketEffect.RandomLoss loss -> new RandomLoss(loss.probability(), loss.correlation());
      case PacketEffect.StateLoss loss ->
          new FourStateLoss(loss.p13(), loss.p31(), loss.p32(), loss.p23(), loss.p14());
      case PacketEffect.GilbertElliottLoss loss ->
          new GilbertElliottLoss(loss.p(), loss.r(), loss.lossInBad(), loss.lossInGood());
      case PacketEffect.NthLoss loss -> new NthLoss(loss.every(), loss.packet());
      case PacketEffect.EcnMarking ecn -> new EcnMarking();
      case PacketEffect.Corruption corruption ->
          new Corruption(corruption.probability(), corruption.correlation());
      case PacketEffect.Duplication duplication ->
          new Duplication(duplication.probability(), duplication.correlation());
      case PacketEffect.Reordering reordering ->
          new Reordering(reordering.probability(), reordering.correlation(), reordering.gap());
      case PacketEffect.Rate rate ->
          new Rate(
              rate.bitsPerSecond(), rate.packetOverhead(), rate.cellSize(), rate.cellOverhead());
      case PacketEffect.TokenBucket bucket ->
          new TokenBucket(
              bucket.bitsPerSecond(),
              bucket.bufferBytes(),
              bucket.limitBytes(),
              bucket.peakBitsPerSecond(),
              bucket.minburstBytes());
      case PacketEffect.Slot slot ->
          new Slot(slot.min().toNanos(), slot.max().toNanos(), slot.packets(), slot.bytes());
      case PacketEffect.Limit limit -> new QueueLimit(limit.packets());
      case PacketEffect.Blackhole blackhole -> new Blackhole();
      case PacketEffect.MtuBlackhole blackhole -> new MtuBlackhole(blackhole.mtu());
      case PacketEffect.Hold hold -> new Hold(held);
      case PacketEffect.Flap flap -> new Flap(flap.down().toNanos(), flap.up().toNanos());
      case PacketEffect.InterfaceDown down ->
          throw new IllegalArgumentException("concerns the interface, not its packets");
    };
  }

  /** What acts on streams. */
  static List<io.podwire.netstack.impair.stream.Toxic> toxics(List<Toxic> toxics) {
    return toxics.stream()
        .map(toxic ->
            new io.podwire.netstack.impair.stream.Toxic(
                type(toxic.type()),
                switch (toxic.side()) {
                  case UPSTREAM -> Side.UPSTREAM;
                  case DOWNSTREAM -> Side.DOWNSTREAM;
                },
                toxic.toxicity()))
        .toList();
  }

  private static Type type(Toxic.Type type) {
    return switch (type) {
      case Toxic.Latency latency ->
          new Latency(latency.latency().toNanos(), latency.jitter().toNanos());
      case Toxic.Bandwidth bandwidth -> new Bandwidth(bandwidth.kilobytesPerSecond());
      case Toxic.SlowClose slowClose -> new SlowClose(slowClose.delay().toNanos());
      case Toxic.Timeout timeout -> new Timeout(timeout.timeout().toNanos());
      case Toxic.ResetPeer reset -> new ResetPeer(reset.timeout().toNanos());
      case Toxic.Slicer slicer ->
          new Slicer(slicer.averageSize(), slicer.sizeVariation(), slicer.delay().toNanos());
      case Toxic.LimitData limit -> new LimitData(limit.bytes());
      case Toxic.Down down -> new Down();
    };
  }

  static PacketFilter filter(TrafficFilter filter) {
    return new PacketFilter(
        filter.peers(),
        filter.excludedPeers(),
        filter.protocol() == 0 ? PacketFilter.ANY_PROTOCOL : filter.protocol(),
        ports(filter.localPorts()),
        ports(filter.peerPorts()),
        ports(filter.eitherPorts()));
  }

  private static List<io.podwire.netstack.impair.PortRange> ports(List<PortRange> ranges) {
    return ranges.stream()
        .map(range -> new io.podwire.netstack.impair.PortRange(range.first(), range.last()))
        .toList();
  }

  static Direction direction(FaultLink.Direction direction) {
    return switch (direction) {
      case EGRESS -> Direction.EGRESS;
      case INGRESS -> Direction.INGRESS;
    };
  }
}
