package io.podwire.cluster.ipam;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Chooses ClusterIPs from one Service network.
 *
 * <p>The network's first address and, in IPv4, its last are never given. The first 1/16 of the
 * network, but at least 16 and at most 256 addresses, is left to explicit wishes until the rest is
 * used up (Kubernetes: "avoiding collisions when assigning ClusterIP"). Thread-safe.
 */
public final class ClusterIpAllocator {

  /** Larger IPv6 networks are used up to here only. */
  static final long MAX_SIZE = 1 << 16;

  private static final int BAND_FRACTION = 16;
  private static final int MIN_STATIC_BAND = 16;
  private static final int MAX_STATIC_BAND = 256;

  private final Cidr network;
  private final long usable;
  private final Band band;

  /**
   * @param random chooses where the search starts, so that a restart does not hand out a just
   *     released address either
   */
  public ClusterIpAllocator(Cidr network, RandomGenerator random) {
    this.network = network;
    long size = Math.min(network.size(), MAX_SIZE);
    this.usable = Math.max(0, size - (network.isIpv4() ? 2 : 1));
    this.band = new Band(Math.min(staticBand(size), usable), usable, random.nextLong());
  }

  private static long staticBand(long size) {
    return size <= MIN_STATIC_BAND
        ? 0
        : Math.min(Math.max(MIN_STATIC_BAND, size / BAND_FRACTION), MAX_STATIC_BAND);
  }

  public Cidr network() {
    return network;
  }

  /** How many addresses there are to give. */
  public long size() {
    return usable;
  }

  /** A free address, from the dynamic band first; empty where all are taken. */
  public Optional<IpAddress> choose(Predicate<IpAddress> taken) {
    OptionalLong index = band.choose(i -> taken.test(address(i)));
    return index.isPresent() ? Optional.of(address(index.getAsLong())) : Optional.empty();
  }

  /** Why this address cannot be asked for explicitly, or nothing where it can. */
  public Optional<String> problem(IpAddress wish) {
    if (!network.contains(wish)) {
      return Optional.of(wish + " is not in the Service network " + network);
    }
    if (wish.equals(network.base())) {
      return Optional.of(wish + " is the Service network's own address; choose one after it");
    }
    if (wish.compareTo(address(usable)) >= 0) {
      return Optional.of(
          network.isIpv4()
              ? wish + " is the Service network's broadcast address; choose one before it"
              : wish + " is beyond the first " + usable + " addresses of " + network);
    }
    return Optional.empty();
  }

  /** The n-th usable address; {@code kubernetes.default} holds number 0, by convention. */
  public IpAddress address(long index) {
    return network.base().plus(index + 1);
  }
}
