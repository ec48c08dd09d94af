package io.podwire.cluster.ipam;

import io.podwire.packet.addr.Cidr;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Chooses the Pod network of a node: a /24 of the cluster's IPv4 Pod network, a /64 of its IPv6
 * one.
 *
 * <p>Thread-safe.
 */
public final class PodCidrAllocator {

  /** More nodes than this are not numbered. */
  private static final int MAX_INDEX_BITS = 16;

  private final Cidr network;
  private final int nodePrefixLength;
  private final Band band;

  /**
   * @throws IllegalArgumentException if the node's prefix is shorter than the network's
   */
  public PodCidrAllocator(Cidr network, int nodePrefixLength) {
    int indexBits = nodePrefixLength - network.prefixLength();
    if (indexBits < 0 || nodePrefixLength > network.base().bitLength()) {
      throw new IllegalArgumentException(
          "the Pod network " + network + " holds no /" + nodePrefixLength + " for a node");
    }
    this.network = network;
    this.nodePrefixLength = nodePrefixLength;
    this.band = new Band(0, 1L << Math.min(indexBits, MAX_INDEX_BITS), 0);
  }

  /** A free network; empty where all are taken. */
  public Optional<Cidr> choose(Predicate<Cidr> taken) {
    OptionalLong index = band.choose(i -> taken.test(network.subnet(nodePrefixLength, i)));
    return index.isPresent()
        ? Optional.of(network.subnet(nodePrefixLength, index.getAsLong()))
        : Optional.empty();
  }

  /** Why this network cannot be a node's, or nothing where it can. */
  public Optional<String> problem(Cidr wish) {
    return wish.prefixLength() == nodePrefixLength && network.contains(wish)
        ? Optional.empty()
        : Optional.of(wish + " is not a /" + nodePrefixLength + " of the Pod network " + network);
  }
}
