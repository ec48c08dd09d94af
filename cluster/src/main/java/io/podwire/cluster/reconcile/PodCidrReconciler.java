package io.podwire.cluster.reconcile;

import io.podwire.cluster.ipam.PodCidrAllocator;
import io.podwire.cluster.model.Node;
import io.podwire.packet.addr.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Gives every node without a Pod network one of each family. */
public final class PodCidrReconciler {

  private final List<PodCidrAllocator> allocators;

  /**
   * @param allocators one per family, the primary one first
   */
  public PodCidrReconciler(List<PodCidrAllocator> allocators) {
    this.allocators = List.copyOf(allocators);
  }

  /**
   * The networks to claim for nodes that have none, by node. A node for which there is none left is
   * absent.
   *
   * @param claimed the networks that are claimed, whether their node shows it yet or not
   */
  public Map<String, List<Cidr>> assignments(Collection<Node> nodes, Set<Cidr> claimed) {
    Set<Cidr> taken = new HashSet<>(claimed);
    nodes.forEach(node -> taken.addAll(node.podCidrs()));
    Map<String, List<Cidr>> assignments = new TreeMap<>();
    nodes.stream()
        .filter(node -> node.podCidrs().isEmpty())
        .sorted(Comparator.comparing(Node::name))
        .forEach(node ->
            choose(taken)
                .ifPresent(cidrs -> {
                  taken.addAll(cidrs);
                  assignments.put(node.name(), cidrs);
                }));
    return assignments;
  }

  private Optional<List<Cidr>> choose(Set<Cidr> taken) {
    List<Cidr> cidrs = new ArrayList<>();
    for (PodCidrAllocator allocator : allocators) {
      Optional<Cidr> cidr =
          allocator.choose(candidate -> taken.stream().anyMatch(candidate::overlaps));
      if (cidr.isEmpty()) {
        return Optional.empty();
      }
      cidrs.add(cidr.get());
    }
    return Optional.of(cidrs);
  }
}
