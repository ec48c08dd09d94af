package io.podwire.cluster.reconcile;

import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PartitionShape;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.FaultRequest.Choice;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.Service;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a fault acts on: level-triggered, and the same for the same cluster and seed.
 *
 * <p>Stateless and thread-safe.
 */
public final class FaultTargets {

  /** For a DNS fault whose selector has nobody: an empty list would mean everybody. */
  private static final Cidr NOBODY = Cidr.parse("0.0.0.0/32");

  private static final Choice EVERYBODY =
      new Choice(
          List.of(),
          Map.of(),
          List.of(),
          Map.of(),
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          FaultRequest.Mode.ALL,
          0);

  private FaultTargets() {}

  /** What faults choose from. */
  public record State(
      Collection<Pod> pods,
      Collection<Node> nodes,
      Collection<Service> services,
      Collection<EndpointSlice> slices) {}

  /**
   * What was chosen before, which is kept for as long as it is there.
   *
   * @param members by {@code selector}, in order
   * @param others by {@code target}, in order
   */
  public record Choices(List<String> members, List<String> others) {

    public static final Choices NONE = new Choices(List.of(), List.of());

    public Choices {
      members = List.copyOf(members);
      others = List.copyOf(others);
    }
  }

  /**
   * What a fault acts on.
   *
   * @param links each direction of a link with its filter, once
   * @param targets Pods {@code namespace/name} or nodes, for effects on them
   * @param dnsClients as {@link io.podwire.cluster.model.NetworkFault#dnsClients}
   * @param chosen for the next time
   * @param unmatched the fields of the manifest, such as {@code spec.selector}, that choose
   *     nothing, each with the reason
   */
  public record Resolution(
      List<FaultLink> links,
      List<String> targets,
      List<Cidr> dnsClients,
      Choices chosen,
      Map<String, String> unmatched) {

    public Resolution {
      links = List.copyOf(links);
      targets = List.copyOf(targets);
      dnsClients = List.copyOf(dnsClients);
      unmatched = Map.copyOf(unmatched);
    }
  }

  /** Finds what the fault acts on now. */
  public static Resolution resolve(FaultRequest request, State state, Choices before) {
    FaultChoice choice = new FaultChoice(state, request.key().namespace());
    boolean ofNodes = request.links() == FaultRequest.Links.NODES || request.spec().node() != null;
    Map<String, String> unmatched = new TreeMap<>();
    Map<String, Member> members =
        choose(request, choice, request.selector(), ofNodes, before.members());
    boolean everybody =
        request.selector().equals(EVERYBODY)
            && (request.spec().dns() != null || request.spec().node() != null);
    if (!everybody) {
      explain("spec.selector", request.selector(), choice, ofNodes, members, unmatched);
    }
    Choice target = request.target();
    Map<String, Member> others = Map.of();
    Outsiders outsiders = Outsiders.NONE;
    if (target != null) {
      others = choose(request, choice, target, ofNodes, before.others());
      outsiders = Outsiders.of(choice.services(target), state);
      if (outsiders.addresses().isEmpty()) {
        explain("spec.target", target, choice, ofNodes, others, unmatched);
      }
    }
    PartitionShape shape = request.shape();
    if (shape != null && members.size() < PartitionCuts.fewest(shape)) {
      unmatched.putIfAbsent("spec.selector", tooFew(shape, members.size()));
    }
    boolean onLinks = !request.spec().packets().isEmpty() || !request.spec().toxics().isEmpty();
    List<FaultLink> links =
        onLinks ? new FaultLinks(request, state, members, others, outsiders).links() : List.of();
    boolean onTargets = request.spec().node() != null || request.spec().pod() != null;
    return new Resolution(
        links,
        onTargets ? List.copyOf(members.keySet()) : List.of(),
        request.spec().dns() == null ? List.of() : dnsClients(request.selector(), members),
        new Choices(List.copyOf(members.keySet()), List.copyOf(others.keySet())),
        unmatched);
  }

  private static String tooFew(PartitionShape shape, int members) {
    return "matches "
        + members
        + "; this partition parts "
        + PartitionCuts.fewest(shape)
        + " or more";
  }

  /** Chooses, in the order of the lot; Pods that no link belongs to are left out. */
  private static Map<String, Member> choose(
      FaultRequest request, FaultChoice by, Choice choice, boolean ofNodes, List<String> before) {
    Map<String, Member> candidates = new TreeMap<>();
    if (ofNodes) {
      by.matchingNodes(choice).forEach(node -> candidates.put(node.name(), Member.of(node)));
    } else {
      for (Pod pod : by.matchingPods(choice)) {
        if (canBeChosen(request, pod)) {
          candidates.put(pod.key().toString(), Member.of(pod));
        }
      }
    }
    Map<String, Member> chosen = new LinkedHashMap<>();
    long seed = request.spec().seed();
    for (String name : FaultChoice.choose(choice, candidates.keySet(), seed, before)) {
      chosen.put(name, Objects.requireNonNull(candidates.get(name)));
    }
    return chosen;
  }

  private static boolean canBeChosen(FaultRequest request, Pod pod) {
    if (pod.nodeName() == null) {
      return false;
    }
    return request.spec().pod() != null ? !pod.terminating() : !pod.spec().hostNetwork();
  }

  /** A fault may be made before its Pods have a node: what matches at all is not missing. */
  private static void explain(
      String field,
      Choice choice,
      FaultChoice by,
      boolean ofNodes,
      Map<String, Member> chosen,
      Map<String, String> unmatched) {
    if (!chosen.isEmpty()) {
      return;
    }
    int matching = ofNodes ? by.matchingNodes(choice).size() : by.matchingPods(choice).size();
    String what = ofNodes ? "node" : "Pod";
    if (matching == 0) {
      unmatched.put(field, "matches no " + what);
    } else if (FaultChoice.choose(choice, names(matching), 0, List.of()).isEmpty()) {
      unmatched.put(
          field, "matches " + matching + " " + what + "s, but its mode chooses none of them");
    }
  }

  private static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(Integer.toString(i));
    }
    return names;
  }

  private static List<Cidr> dnsClients(Choice selector, Map<String, Member> members) {
    if (selector.equals(EVERYBODY)) {
      return List.of();
    }
    List<Cidr> clients =
        members.values().stream()
            .flatMap(member -> member.addresses().stream())
            .sorted()
            .distinct()
            .toList();
    return clients.isEmpty() ? List.of(NOBODY) : clients;
  }

  /**
   * A Pod or node that was chosen.
   *
   * @param pod {@code namespace/name}, empty for a node
   * @param addresses of the Pod, or the node's Pod networks
   */
  record Member(String node, String pod, List<Cidr> addresses) {

    static Member of(Pod pod) {
      String node = pod.nodeName() == null ? "" : pod.nodeName();
      return new Member(
          node, pod.key().toString(), pod.podIps().stream().map(Cidr::host).sorted().toList());
    }

    static Member of(Node node) {
      return new Member(node.name(), "", node.podCidrs().stream().sorted().toList());
    }
  }

  /**
   * The other end of traffic that is no Pod: hand-written endpoints of Services, and the ClusterIPs
   * of Services none of whose endpoints is a Pod.
   */
  record Outsiders(List<Cidr> addresses) {

    static final Outsiders NONE = new Outsiders(List.of());

    static Outsiders of(Collection<ObjectName> services, State state) {
      List<IpAddress> addresses = new ArrayList<>();
      for (Service service : state.services()) {
        if (!services.contains(service.key())) {
          continue;
        }
        boolean hasPods = false;
        for (EndpointSlice.Endpoint endpoint : endpoints(service, state)) {
          hasPods |= endpoint.podName() != null;
          if (endpoint.podName() == null) {
            addresses.addAll(endpoint.addresses());
          }
        }
        if (!hasPods) {
          addresses.addAll(service.clusterIps());
        }
      }
      return new Outsiders(
          addresses.stream().map(Cidr::host).sorted(Comparator.naturalOrder()).distinct().toList());
    }
  }

  static List<EndpointSlice.Endpoint> endpoints(Service service, State state) {
    List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
    for (EndpointSlice slice : state.slices()) {
      if (slice.serviceName().equals(service.key().name())
          && slice.key().namespace().equals(service.key().namespace())) {
        endpoints.addAll(slice.endpoints());
      }
    }
    return endpoints;
  }

  /** Whether meeting a packet at both of its ends is the same as meeting it once. */
  static boolean isIdempotent(@Nullable PacketEffect effect) {
    return effect instanceof PacketEffect.Blackhole || effect instanceof PacketEffect.MtuBlackhole;
  }
}
