package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.FaultRequest.Choice;
import io.podwire.cluster.model.FaultRequest.Direction;
import io.podwire.cluster.model.FaultRequest.Links;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.packet.addr.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Chaos Mesh's kinds (chaos-mesh.org/v1alpha1) share. */
abstract class ChaosRules extends FaultRules {

  static final String GROUP = "chaos-mesh.org";
  static final String VERSION = "v1alpha1";

  private static final String PAUSE = "experiment.chaos-mesh.org/pause";

  private final String kindName;

  ChaosRules(String kindName, Class<?> specShape) {
    super(kindName, specShape);
    this.kindName = kindName;
  }

  static Kind kind(String name, String plural, Class<?> shape, ChaosRules rules) {
    return new Kind(
        GROUP,
        VERSION,
        name,
        plural,
        plural,
        List.of(),
        List.of("faults"),
        true,
        true,
        NameForm.DNS_SUBDOMAIN,
        Schema.of(shape),
        MergeKeys.NONE,
        rules);
  }

  /** What every one of these kinds has, whatever it does. */
  final FaultRequest request(
      Field manifest,
      FaultSpec spec,
      Direction direction,
      @Nullable Choice target,
      List<Cidr> external,
      TrafficFilter filter,
      FaultInput input) {
    FaultIdentity identity = FaultIdentity.of(manifest);
    Field body = manifest.at("spec");
    Field pause = manifest.at("metadata", "annotations").entries().get(PAUSE);
    if (pause != null && "true".equals(pause.text())) {
      input.unsupported(pause, "a fault acts from its creation on; delete it to end it");
    }
    input.unsupported(
        body.at("remoteCluster"), "create the object in the cluster that it is meant for");
    input.unsupported(
        body.at("scheduler"),
        "it is Chaos Mesh 1's; leave it out, write a duration, and create the object when it is"
            + " due");
    return new FaultRequest(
        NetworkFault.key(kindName, identity.namespace(), identity.name()),
        identity.uid(),
        spec,
        Links.PODS,
        direction,
        ChaosChoiceForm.read(body, identity.namespace(), input),
        target,
        external,
        null,
        filter,
        input.positive(body.at("duration"), Duration.ZERO),
        FaultReader.DEFAULT_LEASE.toMillis(),
        0);
  }

  /** The action, which has to be there. */
  static <T> T action(Field spec, Map<String, T> actions, T fallback, FaultInput input) {
    Field action = spec.at("action");
    if (!action.isGiven()) {
      input.problems().required(action, "write one of " + String.join(", ", actions.keySet()));
    }
    return input.word(action, actions, fallback);
  }

  static long seed(Field manifest) {
    return FaultIdentity.of(manifest).defaultSeed();
  }
}
