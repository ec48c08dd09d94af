package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.DnsEffect.Action;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.FaultRequest.Direction;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chaos Mesh's DNSChaos. */
final class DnsChaosRules extends ChaosRules {

  private DnsChaosRules() {
    super("DNSChaos", ChaosShapes.DnsSpec.class);
  }

  static Kind kind() {
    return kind("DNSChaos", "dnschaos", ChaosShapes.DnsChaos.class, new DnsChaosRules());
  }

  @Override
  FaultRequest read(Field manifest, FaultInput input) {
    Field spec = manifest.at("spec");
    // Chaos Mesh's DNS server answers SERVFAIL, or addresses by lot.
    Map<String, Action> actions = new LinkedHashMap<>();
    actions.put("error", Action.SERVFAIL);
    actions.put("random", Action.ADDRESS);
    Action action = action(spec, actions, Action.SERVFAIL, input);
    input.unsupported(spec.at("scope"), "it is Chaos Mesh 1's; write patterns");
    if (spec.at("containerNames").isGiven()) {
      input.warn(
          spec.at("containerNames"), "has no effect: containers of a Pod ask from one address");
    }
    DnsEffect dns =
        new DnsEffect(
            action,
            DnsEffectForm.patterns(spec.at("patterns"), input),
            List.of(),
            List.of(),
            Duration.ZERO,
            1);
    return request(
        manifest,
        new FaultSpec(seed(manifest), List.of(), List.of(), dns, null, null),
        Direction.TO,
        null,
        List.of(),
        TrafficFilter.ALL,
        input);
  }
}
