package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.NodeEffect;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PartitionShape;
import io.podwire.cluster.fault.PodEffect;
import io.podwire.cluster.fault.Toxic;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.FaultRequest.Choice;
import io.podwire.cluster.model.FaultRequest.Direction;
import io.podwire.cluster.model.FaultRequest.Links;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.packet.IpProtocol;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** NetworkFault (podwire.io/v1alpha1). */
final class NetworkFaultRules extends FaultRules {

  static final Map<String, Direction> DIRECTIONS = directions();

  private static final List<String> TRAFFIC =
      List.of(
          "target", "externalTargets", "direction", "protocol", "ports", "localPorts", "peerPorts");
  private static final int MAX_LEASE_SECONDS = 3600;
  private static final int MILLIS = 1000;

  private NetworkFaultRules() {
    super("NetworkFault", NetworkFaultShape.Spec.class);
  }

  static Kind kind() {
    return new Kind(
        "podwire.io",
        "v1alpha1",
        "NetworkFault",
        "networkfaults",
        "networkfault",
        List.of("nf"),
        List.of("faults"),
        true,
        true,
        NameForm.DNS_SUBDOMAIN,
        Schema.of(NetworkFaultShape.class),
        MergeKeys.NONE,
        new NetworkFaultRules());
  }

  @Override
  FaultRequest read(Field manifest, FaultInput input) {
    Field spec = manifest.at("spec");
    FaultIdentity identity = FaultIdentity.of(manifest);
    List<PacketEffect> packets = PacketEffectForm.read(spec, input);
    List<Toxic> toxics = ToxicForm.read(spec.at("stream"), input);
    DnsEffect dns = DnsEffectForm.read(spec.at("dns"), input);
    NodeEffect node = ClusterEffectForm.node(spec.at("node"), input);
    PodEffect pod = ClusterEffectForm.pod(spec.at("pod"), input);
    boolean links = !packets.isEmpty() || !toxics.isEmpty();
    checkCompany(spec, links || spec.at("loss").isPresent(), input);
    Links whose = links(spec, node != null, input);
    boolean everybody = !spec.at("selector").isPresent() && needsNoChoice(dns, node);
    Choice chosen =
        everybody
            ? ChoiceForm.EVERYTHING
            : ChoiceForm.read(spec, whose, identity.namespace(), input);
    var filter = TrafficForm.filter(spec, input);
    if (!toxics.isEmpty()
        && filter.protocol() != TrafficForm.ANY_PROTOCOL
        && filter.protocol() != IpProtocol.TCP) {
      input.contradiction(
          spec.at("protocol"),
          spec.at("protocol").shown()
              + " has no streams; write tcp or remove the field, or remove stream");
    }
    return new FaultRequest(
        NetworkFault.key("NetworkFault", identity.namespace(), identity.name()),
        identity.uid(),
        new FaultSpec(identity.seed(spec.at("seed")), packets, toxics, dns, node, pod),
        whose,
        direction(spec, input),
        chosen,
        target(spec, whose, identity.namespace(), input),
        TrafficForm.addresses(spec.at("externalTargets"), input),
        shape(spec, input),
        filter,
        duration(spec, node, pod, input),
        leaseMillis(spec, input),
        spec.at("lease").isPresent() ? identity.heartbeatMillis(manifest, input) : 0);
  }

  private static boolean needsNoChoice(@Nullable DnsEffect dns, @Nullable NodeEffect node) {
    return dns != null
        || node != null && node.action() == NodeEffect.Action.ZOOKEEPER_SESSION_EXPIRED;
  }

  /** Effects on packets and streams go together; the other ones stand alone. */
  private static void checkCompany(Field spec, boolean links, FaultInput input) {
    List<String> alone =
        List.of("dns", "node", "pod").stream().filter(name -> spec.at(name).isPresent()).toList();
    if (alone.isEmpty() && !links) {
      input
          .problems()
          .required(
              spec, "write an effect, such as delay: {latency: 100ms} or loss: {percent: 10%}");
    }
    if (alone.size() > 1 || !alone.isEmpty() && links) {
      input.contradiction(
          spec.at(alone.getLast()),
          "goes with no other effect; write a fault for each: several act at once");
    }
    if (!alone.isEmpty() && !links) {
      for (String name : TRAFFIC) {
        if (spec.at(name).isGiven()) {
          input.contradiction(
              spec.at(name), "has no meaning for " + alone.getFirst() + "; remove it");
        }
      }
    }
  }

  private static Links links(Field spec, boolean node, FaultInput input) {
    Map<String, Links> words = new LinkedHashMap<>();
    words.put("Pods", Links.PODS);
    words.put("Nodes", Links.NODES);
    Links whose = input.word(spec.at("links"), words, node ? Links.NODES : Links.PODS);
    if (node && whose == Links.PODS) {
      input.contradiction(
          spec.at("links"), "'Pods' contradicts node, which acts on nodes; remove it");
    }
    boolean nodesOnly = whose == Links.NODES;
    for (String name : List.of("stream", "dns", "pod")) {
      if (nodesOnly && spec.at(name).isGiven()) {
        input.contradiction(
            spec.at(name), "acts on Pods, but links are the nodes'; write links: Pods");
      }
    }
    return node ? Links.NODES : whose;
  }

  private static Direction direction(Field spec, FaultInput input) {
    Direction usual = spec.at("partition").isPresent() ? Direction.BOTH : Direction.TO;
    return input.word(spec.at("direction"), DIRECTIONS, usual);
  }

  private static @Nullable Choice target(
      Field spec, Links links, String namespace, FaultInput input) {
    return spec.at("target").isPresent()
        ? ChoiceForm.read(spec.at("target"), links, namespace, input)
        : null;
  }

  private static @Nullable PartitionShape shape(Field spec, FaultInput input) {
    Field shape = spec.at("partition", "shape");
    if (!shape.isGiven()) {
      return null;
    }
    Map<String, PartitionShape> words = new LinkedHashMap<>();
    words.put("one", PartitionShape.ONE);
    words.put("majority", PartitionShape.MAJORITY);
    words.put("majorities-ring", PartitionShape.MAJORITIES_RING);
    words.put("minority-third", PartitionShape.MINORITY_THIRD);
    words.put("all", PartitionShape.ALL);
    for (String name : List.of("target", "externalTargets", "direction")) {
      if (spec.at(name).isGiven()) {
        input.contradiction(
            spec.at(name),
            "contradicts partition.shape, which parts what selector chooses; write one of them");
      }
    }
    return input.word(shape, words, PartitionShape.ALL);
  }

  private static Duration duration(
      Field spec, @Nullable NodeEffect node, @Nullable PodEffect pod, FaultInput input) {
    Field duration = spec.at("duration");
    boolean once =
        pod == PodEffect.POD_KILL
            || pod == PodEffect.CONTAINER_KILL
            || node != null
                && (node.action() == NodeEffect.Action.AGENT_KILL
                    || node.action() == NodeEffect.Action.ZOOKEEPER_SESSION_EXPIRED);
    if (once && duration.isGiven()) {
      input.warn(duration, duration.shown() + " has no effect on what happens once");
    }
    boolean deaf =
        node != null
            && (node.action() == NodeEffect.Action.AGENT_PAUSE
                || node.action() == NodeEffect.Action.CONTROL_PLANE_CUT);
    if (deaf && !duration.isGiven()) {
      input
          .problems()
          .required(duration, "write for how long: the agent cannot be told when it ends");
    }
    return input.positive(duration, Duration.ZERO);
  }

  private static long leaseMillis(Field spec, FaultInput input) {
    Field lease = spec.at("lease");
    Field seconds = lease.at("seconds");
    if (lease.isPresent() && !seconds.isPresent()) {
      input.problems().required(seconds, "write after how many seconds without heartbeat it ends");
    }
    int read = input.count(seconds, (int) FaultReader.DEFAULT_LEASE.toSeconds(), 1);
    if (read > MAX_LEASE_SECONDS) {
      input
          .problems()
          .invalid(seconds, seconds.shown() + " is too long; write at most " + MAX_LEASE_SECONDS);
      read = MAX_LEASE_SECONDS;
    }
    return (long) read * MILLIS;
  }

  private static Map<String, Direction> directions() {
    Map<String, Direction> directions = new LinkedHashMap<>();
    directions.put("to", Direction.TO);
    directions.put("from", Direction.FROM);
    directions.put("both", Direction.BOTH);
    return directions;
  }
}
