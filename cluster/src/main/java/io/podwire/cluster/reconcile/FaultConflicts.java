package io.podwire.cluster.reconcile;

import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.packet.addr.Cidr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds faults that would do the same thing to the same packets twice. Stateless. */
public final class FaultConflicts {

  private FaultConflicts() {}

  /** A fault as it acts. */
  public record Acting(FaultSpec spec, List<FaultLink> links) {
    public Acting {
      links = List.copyOf(links);
    }
  }

  /**
   * What both do on the same link, such as {@code both set a delay on Pod default/web (egress)}.
   */
  public static Optional<String> between(Acting one, Acting other) {
    TreeSet<String> both = new TreeSet<>(deeds(one.spec()));
    both.retainAll(deeds(other.spec()));
    if (both.isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<FaultLink>> byPlace = new HashMap<>();
    other
        .links()
        .forEach(
            link -> byPlace.computeIfAbsent(place(link), place -> new ArrayList<>()).add(link));
    for (FaultLink link : one.links()) {
      for (FaultLink same : byPlace.getOrDefault(place(link), List.of())) {
        if (overlap(link.filter(), same.filter())) {
          return Optional.of("both set a " + both.first() + " on " + place(link));
        }
      }
    }
    return Optional.empty();
  }

  private static String place(FaultLink link) {
    return link.name() + " (" + link.direction().name().toLowerCase(Locale.ROOT) + ")";
  }

  /** What a packet can have only one of. */
  private static List<String> deeds(FaultSpec spec) {
    List<String> deeds = new ArrayList<>();
    for (PacketEffect effect : spec.packets()) {
      if (effect instanceof PacketEffect.Delay) {
        deeds.add("delay");
      } else if (effect instanceof PacketEffect.RandomLoss
          || effect instanceof PacketEffect.StateLoss
          || effect instanceof PacketEffect.GilbertElliottLoss
          || effect instanceof PacketEffect.NthLoss) {
        deeds.add("loss model");
      } else if (effect instanceof PacketEffect.Rate
          || effect instanceof PacketEffect.TokenBucket) {
        deeds.add("rate");
      } else if (effect instanceof PacketEffect.Corruption) {
        deeds.add("corruption");
      } else if (effect instanceof PacketEffect.Duplication) {
        deeds.add("duplication");
      } else if (effect instanceof PacketEffect.Slot) {
        deeds.add("slot");
      }
    }
    return deeds;
  }

  private static boolean overlap(TrafficFilter one, TrafficFilter other) {
    boolean protocols =
        one.protocol() == 0 || other.protocol() == 0 || one.protocol() == other.protocol();
    return protocols
        && peers(one, other)
        && ports(one.localPorts(), other.localPorts())
        && ports(one.peerPorts(), other.peerPorts());
  }

  private static boolean peers(TrafficFilter one, TrafficFilter other) {
    if (one.peers().isEmpty() || other.peers().isEmpty()) {
      List<Cidr> limited = one.peers().isEmpty() ? other.peers() : one.peers();
      List<Cidr> excluded = one.peers().isEmpty() ? one.excludedPeers() : other.excludedPeers();
      return limited.isEmpty()
          || limited.stream()
              .anyMatch(peer -> excluded.stream().noneMatch(range -> range.contains(peer)));
    }
    for (Cidr peer : one.peers()) {
      if (isMet(peer, other) && !isWithin(peer, one.excludedPeers())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMet(Cidr peer, TrafficFilter by) {
    return by.peers().stream().anyMatch(peer::overlaps) && !isWithin(peer, by.excludedPeers());
  }

  private static boolean isWithin(Cidr peer, List<Cidr> ranges) {
    return ranges.stream().anyMatch(range -> range.contains(peer));
  }

  private static boolean ports(List<PortRange> one, List<PortRange> other) {
    return one.isEmpty()
        || other.isEmpty()
        || one.stream()
            .anyMatch(
                a -> other.stream().anyMatch(b -> a.first() <= b.last() && b.first() <= a.last()));
  }
}
