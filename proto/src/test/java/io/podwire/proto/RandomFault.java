package io.podwire.proto;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.fault.NodeEffect;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PodEffect;
import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.fault.Toxic;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Arbitrary faults, the same ones for the same state of the generator. */
final class RandomFault {

  private final SplittableRandom random;

  RandomFault(SplittableRandom random) {
    this.random = random;
  }

  NetworkFault fault() {
    return new NetworkFault(
        new ObjectName(word(), "networkfault/" + word()),
        word(),
        new FaultSpec(
            random.nextLong(),
            listOf(this::effect),
            listOf(this::toxic),
            random.nextBoolean() ? dns() : null,
            random.nextBoolean()
                ? new NodeEffect(pick(NodeEffect.Action.values()), duration())
                : null,
            random.nextBoolean() ? pick(PodEffect.values()) : null),
        random.nextBoolean(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        listOf(() -> new FaultLink(word(), word(), pick(FaultLink.Direction.values()), filter())),
        listOf(this::word),
        listOf(this::cidr));
  }

  FaultReport report() {
    return new FaultReport(new ObjectName(word(), word()), word(), word(), listOf(this::receipt));
  }

  private LinkReceipt receipt() {
    return new LinkReceipt(
        word(),
        pick(FaultLink.Direction.values()),
        random.nextBoolean(),
        word(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        Map.of(word(), random.nextLong()),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong(),
        random.nextLong());
  }

  private TrafficFilter filter() {
    return new TrafficFilter(
        listOf(this::cidr),
        listOf(this::cidr),
        random.nextInt(256),
        listOf(this::ports),
        listOf(this::ports),
        listOf(this::ports));
  }

  private PortRange ports() {
    int first = random.nextInt(65536);
    return new PortRange(first, random.nextInt(first, 65536));
  }

  private PacketEffect effect() {
    return switch (random.nextInt(18)) {
      case 0 ->
          new PacketEffect.Delay(
              duration(), duration(), share(), pick(PacketEffect.Distribution.values()));
      case 1 -> new PacketEffect.RandomLoss(share(), share());
      case 2 -> new PacketEffect.StateLoss(share(), share(), share(), share(), share());
      case 3 -> new PacketEffect.GilbertElliottLoss(share(), share(), share(), share());
      case 4 -> new PacketEffect.NthLoss(number(), number());
      case 5 -> new PacketEffect.EcnMarking();
      case 6 -> new PacketEffect.Corruption(share(), share());
      case 7 -> new PacketEffect.Duplication(share(), share());
      case 8 -> new PacketEffect.Reordering(share(), share(), number());
      case 9 -> new PacketEffect.Rate(random.nextLong(), number(), number(), number());
      case 10 ->
          new PacketEffect.TokenBucket(
              random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong(), number());
      case 11 -> new PacketEffect.Slot(duration(), duration(), number(), number());
      case 12 -> new PacketEffect.Limit(number());
      case 13 -> new PacketEffect.Blackhole();
      case 14 -> new PacketEffect.MtuBlackhole(number());
      case 15 -> new PacketEffect.Hold();
      case 16 -> new PacketEffect.Flap(duration(), duration());
      default -> new PacketEffect.InterfaceDown();
    };
  }

  private Toxic toxic() {
    Toxic.Type type =
        switch (random.nextInt(8)) {
          case 0 -> new Toxic.Latency(duration(), duration());
          case 1 -> new Toxic.Bandwidth(random.nextLong());
          case 2 -> new Toxic.SlowClose(duration());
          case 3 -> new Toxic.Timeout(duration());
          case 4 -> new Toxic.ResetPeer(duration());
          case 5 -> new Toxic.Slicer(number(), number(), duration());
          case 6 -> new Toxic.LimitData(random.nextLong());
          default -> new Toxic.Down();
        };
    return new Toxic(type, pick(Toxic.Side.values()), share());
  }

  private DnsEffect dns() {
    return new DnsEffect(
        pick(DnsEffect.Action.values()),
        listOf(this::word),
        listOf(this::word),
        listOf(() -> IpAddress.ofIpv4(random.nextInt())),
        duration(),
        share());
  }

  private Duration duration() {
    return Duration.ofNanos(random.nextLong(Long.MAX_VALUE));
  }

  private double share() {
    return random.nextDouble();
  }

  private int number() {
    return random.nextInt();
  }

  private Cidr cidr() {
    return Cidr.around(IpAddress.ofIpv4(random.nextInt()), random.nextInt(33));
  }

  private String word() {
    return Long.toString(random.nextLong(1, Long.MAX_VALUE), 36);
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> List<T> listOf(Supplier<T> value) {
    return IntStream.range(0, random.nextInt(4)).mapToObj(i -> value.get()).toList();
  }
}
