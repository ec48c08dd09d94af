package io.podwire.agent.sync;

import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ClusterUpdate.Change;
import io.podwire.cluster.model.ClusterUpdate.Removal;
import io.podwire.cluster.model.ClusterUpdate.Upsert;
import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.Namespace;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.Node;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.Service;
import io.podwire.netstack.gateway.NodeDatapath;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies the cluster's state to one node's datapath; a snapshot changes only what differs from
 * what is held, so that taking a new one disturbs no traffic.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class DatapathSync {

  private final String nodeName;
  private final PeerRoutes peers;
  private final ServiceBindings services;
  private final DelayedEndpoints endpoints = new DelayedEndpoints();
  private long nowNanos;

  /** For the node of this name. */
  public DatapathSync(String nodeName, NodeDatapath datapath) {
    this.nodeName = nodeName;
    this.peers = new PeerRoutes(nodeName, datapath);
    this.services = new ServiceBindings(datapath.services(), nodeName);
  }

  /** Takes the next step of the state. */
  public void apply(ClusterUpdate update, long now) {
    nowNanos = now;
    switch (update) {
      case ClusterUpdate.Snapshot snapshot -> {
        retainOnly(snapshot);
        snapshot.objects().forEach(this::upsert);
      }
      case ClusterUpdate.Delta delta -> delta.changes().forEach(this::change);
    }
    services.bind();
  }

  /**
   * Has changes of endpoints come late.
   *
   * @param delay zero ends it, null lasts until then
   */
  public void delayEndpoints(@Nullable Duration delay) {
    endpoints.delay(delay);
    services.bind();
  }

  /** Makes the changes whose time has come. */
  public void advance(long now) {
    if (endpoints.advance(now)) {
      services.bind();
    }
  }

  private void change(Change change) {
    switch (change) {
      case Upsert upsert -> upsert(upsert.object());
      case Removal removal -> remove(removal);
    }
  }

  private void upsert(ModelObject object) {
    switch (object) {
      case Node node -> upsert(node);
      case Service service -> services.upsert(service);
      case EndpointSlice slice -> endpoints.make(() -> services.upsert(slice), nowNanos);
      // Names matter to DNS, and Pods to the fleet.
      case Namespace namespace -> {}
      case Pod pod -> {}
      case NetworkFault fault -> {}
    }
  }

  private void upsert(Node node) {
    peers.upsert(node);
    if (node.name().equals(nodeName)) {
      services.locate(node);
    }
  }

  private void remove(Removal removal) {
    switch (removal.kind()) {
      case NODE -> peers.remove(removal.key().name());
      case SERVICE -> services.removeService(removal.key());
      case ENDPOINT_SLICE -> endpoints.make(() -> services.removeSlice(removal.key()), nowNanos);
      case NAMESPACE, POD, NETWORK_FAULT -> {}
    }
  }

  private void retainOnly(ClusterUpdate.Snapshot snapshot) {
    Set<String> nodes = new HashSet<>();
    Set<ObjectName> keptServices = new HashSet<>();
    Set<ObjectName> keptSlices = new HashSet<>();
    for (ModelObject object : snapshot.objects()) {
      switch (object) {
        case Node node -> nodes.add(node.name());
        case Service service -> keptServices.add(service.key());
        case EndpointSlice slice -> keptSlices.add(slice.key());
        case Namespace namespace -> {}
        case Pod pod -> {}
        case NetworkFault fault -> {}
      }
    }
    peers.retainOnly(nodes);
    services.retainServices(keptServices);
    endpoints.make(() -> services.retainSlices(keptSlices), nowNanos);
  }
}
