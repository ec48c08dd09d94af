package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.FaultRequest.Choice;
import io.podwire.cluster.model.FaultRequest.Direction;
import java.util.List;

/** Chaos Mesh's NetworkChaos. */
final class NetworkChaosRules extends ChaosRules {

  private NetworkChaosRules() {
    super("NetworkChaos", ChaosShapes.NetworkSpec.class);
  }

  static Kind kind() {
    return kind(
        "NetworkChaos", "networkchaos", ChaosShapes.NetworkChaos.class, new NetworkChaosRules());
  }

  @Override
  FaultRequest read(Field manifest, FaultInput input) {
    Field spec = manifest.at("spec");
    for (String device : List.of("device", "targetDevice")) {
      input.unsupported(
          spec.at(device), "a Pod has one interface, which is meant; remove the field");
    }
    List<PacketEffect> packets = ChaosEffectForm.read(spec, input);
    Field targetField = spec.at("target");
    Choice target =
        targetField.isPresent()
            ? ChaosChoiceForm.read(targetField, FaultIdentity.of(manifest).namespace(), input)
            : null;
    ExternalTargets external =
        ExternalTargets.read(spec.at("externalTargets"), target != null, input);
    TrafficFilter filter =
        new TrafficFilter(
            List.of(), List.of(), external.protocol(), List.of(), external.ports(), List.of());
    return request(
        manifest,
        new FaultSpec(seed(manifest), packets, List.of(), null, null, null),
        input.word(spec.at("direction"), NetworkFaultRules.DIRECTIONS, Direction.TO),
        target,
        external.networks(),
        filter,
        input);
  }
}
