package io.podwire.controlplane.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Service;
import io.podwire.cluster.reconcile.LoadBalancerReconciler;
import io.podwire.controlplane.kind.KindTable;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.manifest.ManifestEditor;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives Services of type LoadBalancer their addresses, in {@code status.loadBalancer}. */
final class LoadBalancerStep implements Step {

  private static final Logger LOG = LoggerFactory.getLogger(LoadBalancerStep.class);

  private final ManifestEditor editor;
  private final List<Cidr> pool;
  private final Set<ObjectName> reported = new HashSet<>();

  LoadBalancerStep(ManifestEditor editor, ClusterConfig config) {
    this.editor = editor;
    this.pool = config.loadBalancerCidrs();
  }

  @Override
  public void reconcile(Observation observation) {
    Map<ObjectName, Service> services = observation.services();
    Map<ObjectName, List<IpAddress>> assigned =
        LoadBalancerReconciler.addresses(services.values(), pool);
    reported.retainAll(assigned.keySet());
    assigned.forEach((name, addresses) -> {
      Service service = services.get(name);
      if (service != null && !service.traffic().loadBalancer().addresses().equals(addresses)) {
        write(name, addresses);
      }
      if (addresses.isEmpty() && reported.add(name)) {
        LOG.warn("no address of {} is free for the load balancer of Service {}", pool, name);
      }
    });
  }

  private void write(ObjectName name, List<IpAddress> addresses) {
    editor.edit(
        KindTable.SERVICE.key(name.namespace(), name.name()),
        manifest -> {
          // The type may have changed since it was looked at.
          if (manifest.path("spec").path("type").asText().equals("LoadBalancer")) {
            ObjectNode status = Manifests.child(manifest, "status").putObject("loadBalancer");
            if (!addresses.isEmpty()) {
              ArrayNode ingress = status.putArray("ingress");
              addresses.forEach(address ->
                  ingress.addObject().put("ip", address.toString()).put("ipMode", "VIP"));
            }
          }
        });
    LOG.info("Service {} is reached at {}", name, addresses);
  }
}
