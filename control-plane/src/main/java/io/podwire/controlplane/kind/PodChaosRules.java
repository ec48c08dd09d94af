package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.PodEffect;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.FaultRequest.Direction;
import java.util.List;

/** Chaos Mesh's PodChaos. */
final class PodChaosRules extends ChaosRules {

  private PodChaosRules() {
    super("PodChaos", ChaosShapes.PodSpec.class);
  }

  static Kind kind() {
    return kind("PodChaos", "podchaos", ChaosShapes.PodChaos.class, new PodChaosRules());
  }

  @Override
  FaultRequest read(Field manifest, FaultInput input) {
    Field spec = manifest.at("spec");
    PodEffect effect = action(spec, ClusterEffectForm.POD_ACTIONS, PodEffect.POD_FAILURE, input);
    Field containers = spec.at("containerNames");
    input.unsupported(spec.at("containerName"), "it is Chaos Mesh 1's; write containerNames");
    if (effect == PodEffect.CONTAINER_KILL) {
      if (!containers.isGiven()) {
        input
            .problems()
            .required(containers, "action 'container-kill' needs the names of containers");
      }
      containers.items().forEach(name -> NameForm.DNS_LABEL.check(name, input.problems()));
      input.warn(containers, "the programs of all containers of the Pod are killed");
    } else if (containers.isGiven() && spec.at("action").isGiven()) {
      input.warn(containers, "has no effect with action " + spec.at("action").shown());
    }
    Field grace = spec.at("gracePeriod");
    Integer seconds = grace.number();
    if (seconds != null && seconds < 0) {
      input.problems().invalid(grace, grace.shown() + " is negative; write 0 or remove the field");
    } else if (seconds != null && seconds > 0) {
      input.unsupported(grace, "Pods are killed at once; write 0 or remove the field");
    }
    if (effect != PodEffect.POD_FAILURE && spec.at("duration").isGiven()) {
      input.warn(spec.at("duration"), "has no effect on what happens once");
    }
    return request(
        manifest,
        new FaultSpec(seed(manifest), List.of(), List.of(), null, null, effect),
        Direction.TO,
        null,
        List.of(),
        TrafficFilter.ALL,
        input);
  }
}
