package io.podwire.netstack.filter;

import io.podwire.netstack.table.HashKey;
import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The five-tuple of one direction of a flow, of either family; addresses as in {@link IpAddress}.
 *
 * <p>For ICMP and ICMPv6 echo the source port is the identifier and the destination port the type.
 * Mutable, so that lookups allocate nothing: a key that is in a table must not be changed. Entries
 * of tables by flow extend it.
 */
public class FlowKey extends HashKey<FlowKey> {

  private static final long MASK = 0xd1b5_4a32_d192_ed03L;
  private static final long HIGH_MASK = 0x8bb8_4b93_962e_acc9L;
  private static final long PORT_MASK = 0x4be9_8134_a597_6fd3L;

  static final int ECHO_REPLY = 0;
  static final int ECHO_REQUEST = 8;

  long sourceHigh;
  long sourceLow;
  long destinationHigh;
  long destinationLow;
  int protocol;
  int sourcePort;
  int destinationPort;

  FlowKey copyOf(FlowKey other) {
    sourceHigh = other.sourceHigh;
    sourceLow = other.sourceLow;
    destinationHigh = other.destinationHigh;
    destinationLow = other.destinationLow;
    protocol = other.protocol;
    sourcePort = other.sourcePort;
    destinationPort = other.destinationPort;
    return this;
  }

  /** Becomes the tuple of the answers to another. */
  FlowKey invert(FlowKey other) {
    sourceHigh = other.destinationHigh;
    sourceLow = other.destinationLow;
    destinationHigh = other.sourceHigh;
    destinationLow = other.sourceLow;
    protocol = other.protocol;
    if (protocol == IpProtocol.ICMP) {
      sourcePort = other.sourcePort;
      destinationPort = other.destinationPort == ECHO_REQUEST ? ECHO_REPLY : ECHO_REQUEST;
    } else if (protocol == IpProtocol.ICMPV6) {
      sourcePort = other.sourcePort;
      destinationPort =
          other.destinationPort == Icmpv6Type.ECHO_REQUEST
              ? Icmpv6Type.ECHO_REPLY
              : Icmpv6Type.ECHO_REQUEST;
    } else {
      sourcePort = other.destinationPort;
      destinationPort = other.sourcePort;
    }
    return this;
  }

  /** Whether it is of ICMP or ICMPv6: the ports are an echo's identifier and type. */
  public final boolean isIcmp() {
    return protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
  }

  /** Whether it is an echo request of either family. */
  public final boolean isEchoRequest() {
    return protocol == IpProtocol.ICMP && destinationPort == ECHO_REQUEST
        || protocol == IpProtocol.ICMPV6 && destinationPort == Icmpv6Type.ECHO_REQUEST;
  }

  public IpAddress source() {
    return new IpAddress(sourceHigh, sourceLow);
  }

  public IpAddress destination() {
    return new IpAddress(destinationHigh, destinationLow);
  }

  /** The first half of the source, as in {@link IpAddress}. */
  public long sourceHigh() {
    return sourceHigh;
  }

  /** The second half of the source, as in {@link IpAddress}. */
  public long sourceLow() {
    return sourceLow;
  }

  /** The first half of the destination, as in {@link IpAddress}. */
  public long destinationHigh() {
    return destinationHigh;
  }

  /** The second half of the destination, as in {@link IpAddress}. */
  public long destinationLow() {
    return destinationLow;
  }

  public int protocol() {
    return protocol;
  }

  public int sourcePort() {
    return sourcePort;
  }

  public int destinationPort() {
    return destinationPort;
  }

  /** Whether this is the source; allocates nothing. */
  public boolean isFrom(IpAddress address) {
    return sourceHigh == address.high() && sourceLow == address.low();
  }

  void setSource(IpAddress address) {
    sourceHigh = address.high();
    sourceLow = address.low();
  }

  void setDestination(IpAddress address) {
    destinationHigh = address.high();
    destinationLow = address.low();
  }

  @Override
  protected final int hash(long seed) {
    long h = fold(sourceLow ^ seed, destinationLow ^ Long.rotateLeft(seed, 32) ^ MASK);
    if ((sourceHigh | destinationHigh) != 0) {
      h ^= fold(sourceHigh ^ Long.rotateLeft(seed, 16), destinationHigh ^ seed ^ HIGH_MASK);
    }
    long ports = (long) protocol << 32 | (long) sourcePort << 16 | destinationPort;
    h = fold(h ^ ports, Long.rotateLeft(seed, 48) ^ PORT_MASK);
    return (int) (h ^ h >>> 32);
  }

  @Override
  protected final boolean sameAs(FlowKey that) {
    return sourceLow == that.sourceLow
        && destinationLow == that.destinationLow
        && sourcePort == that.sourcePort
        && destinationPort == that.destinationPort
        && protocol == that.protocol
        && sourceHigh == that.sourceHigh
        && destinationHigh == that.destinationHigh;
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof FlowKey that && sameAs(that);
  }

  /** A well-mixed hash: the entropy of the tunnel's outer source port. */
  @Override
  public final int hashCode() {
    long h = sourceLow * 0x9e37_79b9_7f4a_7c15L;
    h = (Long.rotateLeft(h, 29) ^ destinationLow) * 0xbf58_476d_1ce4_e5b9L;
    h = (Long.rotateLeft(h, 31) ^ sourceHigh) * 0x94d0_49bb_1331_11ebL;
    h = (Long.rotateLeft(h, 27) ^ destinationHigh) * 0x9e37_79b9_7f4a_7c15L;
    h ^= (long) sourcePort << 32 | destinationPort << 8 | protocol;
    h *= 0xbf58_476d_1ce4_e5b9L;
    return (int) (h ^ h >>> 32);
  }

  @Override
  public String toString() {
    return protocol
        + " "
        + source()
        + ":"
        + sourcePort
        + " > "
        + destination()
        + ":"
        + destinationPort;
  }
}
