package io.podwire.packet;

import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A message of IPv6 neighbor discovery (RFC 4861, section 4), as a value. */
public sealed interface NdMessage {

  int type();

  List<NdOption> options();

  /** The octets from the message's start to its options. */
  int fixedLength();

  /** Writes what lies between the checksum and the options; the space is zeroed. */
  void emitFixed(Icmpv6View view);

  /** A host asks for routers. */
  record RouterSolicitation(List<NdOption> options) implements NdMessage {
    public RouterSolicitation {
      options = List.copyOf(options);
    }

    @Override
    public int type() {
      return Icmpv6Type.ROUTER_SOLICITATION;
    }

    @Override
    public int fixedLength() {
      return 8;
    }

    @Override
    public void emitFixed(Icmpv6View view) {}
  }

  /**
   * A router tells its link's parameters.
   *
   * @param hopLimit the hop limit that hosts should use; 0 leaves it open
   * @param lifetimeSeconds for how long it is a default router; 0 for not at all
   * @param reachableMillis 32 raw bits; 0 leaves it open
   * @param retransMillis 32 raw bits; 0 leaves it open
   */
  record RouterAdvertisement(
      int hopLimit,
      boolean managed,
      boolean otherConfiguration,
      int lifetimeSeconds,
      int reachableMillis,
      int retransMillis,
      List<NdOption> options)
      implements NdMessage {

    private static final int MANAGED = 0x80;
    private static final int OTHER = 0x40;

    public RouterAdvertisement {
      options = List.copyOf(options);
      FieldRange.require("hop limit", hopLimit, 8);
      FieldRange.require("router lifetime", lifetimeSeconds, 16);
    }

    @Override
    public int type() {
      return Icmpv6Type.ROUTER_ADVERTISEMENT;
    }

    @Override
    public int fixedLength() {
      return 16;
    }

    @Override
    public void emitFixed(Icmpv6View view) {
      view.put8(4, hopLimit);
      view.put8(5, (managed ? MANAGED : 0) | (otherConfiguration ? OTHER : 0));
      view.put16(6, lifetimeSeconds);
      view.put32(8, reachableMillis);
      view.put32(12, retransMillis);
    }

    private static RouterAdvertisement parse(Icmpv6View view, List<NdOption> options) {
      int flags = view.u8(5);
      return new RouterAdvertisement(
          view.u8(4),
          (flags & MANAGED) != 0,
          (flags & OTHER) != 0,
          view.u16(6),
          view.i32(8),
          view.i32(12),
          options);
    }
  }

  /** Asks for the MAC of an address. */
  record NeighborSolicitation(IpAddress target, List<NdOption> options) implements NdMessage {
    public NeighborSolicitation {
      options = List.copyOf(options);
    }

    @Override
    public int type() {
      return Icmpv6Type.NEIGHBOR_SOLICITATION;
    }

    @Override
    public int fixedLength() {
      return 24;
    }

    @Override
    public void emitFixed(Icmpv6View view) {
      view.setTarget(target.high(), target.low());
    }
  }

  /** Tells the MAC of an address. */
  record NeighborAdvertisement(
      boolean fromRouter,
      boolean solicited,
      boolean override,
      IpAddress target,
      List<NdOption> options)
      implements NdMessage {

    public NeighborAdvertisement {
      options = List.copyOf(options);
    }

    @Override
    public int type() {
      return Icmpv6Type.NEIGHBOR_ADVERTISEMENT;
    }

    @Override
    public int fixedLength() {
      return 24;
    }

    @Override
    public void emitFixed(Icmpv6View view) {
      view.setAdvertisement(fromRouter, solicited, override);
      view.setTarget(target.high(), target.low());
    }
  }

  /** Takes the values out of a checked view; empty for a message of another kind. */
  static Optional<NdMessage> parse(Icmpv6View view) {
    if (!view.isDiscovery()) {
      return Optional.empty();
    }
    List<NdOption> options =
        NdOption.parse(view.buffer(), view.optionsOffset(), view.offset() + view.length());
    return switch (view.type()) {
      case Icmpv6Type.ROUTER_SOLICITATION -> Optional.of(new RouterSolicitation(options));
      case Icmpv6Type.ROUTER_ADVERTISEMENT -> Optional.of(RouterAdvertisement.parse(view, options));
      case Icmpv6Type.NEIGHBOR_SOLICITATION ->
          Optional.of(new NeighborSolicitation(target(view), options));
      case Icmpv6Type.NEIGHBOR_ADVERTISEMENT ->
          Optional.of(
              new NeighborAdvertisement(
                  view.isFromRouter(),
                  view.isSolicited(),
                  view.isOverride(),
                  target(view),
                  options));
      default -> Optional.empty();
    };
  }

  private static IpAddress target(Icmpv6View view) {
    return new IpAddress(view.targetHigh(), view.targetLow());
  }

  /** The octets of the message. */
  default int length() {
    return fixedLength() + options().stream().mapToInt(NdOption::length).sum();
  }

  /** Writes the message with a checksum over this pseudo-header and returns its length. */
  default int emit(ByteBuffer buffer, int offset, long pseudoHeader) {
    Icmpv6View view = new Icmpv6View().wrap(buffer, offset, length());
    for (int at = 0; at < fixedLength(); at += 8) {
      view.put64(at, 0);
    }
    view.setType(type());
    emitFixed(view);
    int at = offset + fixedLength();
    for (NdOption option : options()) {
      option.emit(buffer, at);
      at += option.length();
    }
    view.computeChecksum(pseudoHeader);
    return length();
  }
}
