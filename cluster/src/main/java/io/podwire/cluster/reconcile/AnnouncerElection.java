package io.podwire.cluster.reconcile;

import io.podwire.packet.addr.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Which node answers for a load balancer's address: every node comes to the same result by itself,
 * and only the addresses of a node that goes away move. Stateless.
 */
public final class AnnouncerElection {

  private AnnouncerElection() {}

  /** One of the candidates; empty where there are none. */
  public static Optional<String> elect(IpAddress address, Collection<String> candidates) {
    return candidates.stream()
        .min(
            Comparator.<String>comparingLong(node -> rank(address, node))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static long rank(IpAddress address, String node) {
    CRC32 hash = new CRC32();
    hash.update((node + "#" + address).getBytes(StandardCharsets.UTF_8));
    // CRCs of names that differ in one digit differ in few bits: spread them.
    long mixed = hash.getValue() * 0x9e3779b97f4a7c15L;
    return (mixed ^ mixed >>> 29) >>> 1;
  }
}
