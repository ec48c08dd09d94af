package io.podwire.agent.sync;

import io.podwire.agent.expose.Exposure;
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
import io.podwire.cluster.model.ProxyChoice;
import io.podwire.cluster.model.Service;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the cluster's state to one node's datapath; a snapshot changes only what differs from
 * what is held, so that taking a new one disturbs no traffic.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
public final class DatapathSync {

  private static final Logger LOG = LoggerFactory.getLogger(DatapathSync.class);

  private final String nodeName;
  private final NodeDatapath datapath;
  private final Consumer<Exposure> exposing;
  private final PeerRoutes peers;
  private final ServiceBindings services;
  private final DelayedEndpoints endpoints = new DelayedEndpoints();
  private ProxyChoice clusterProxy = ProxyChoice.DEFAULT;
  private @Nullable ProxyChoice ownProxy;
  private long nowNanos;

  /**
   * For the node of this name.
   *
   * @param addresses the node's on the node network, at most one of each family
   * @param exposing told what is to be done for clients outside, whenever that changes
   */
  public DatapathSync(
      String nodeName,
      List<IpAddress> addresses,
      NodeDatapath datapath,
      Consumer<Exposure> exposing) {
    this.exposing = exposing;
    this.datapath = datapath;
    this.nodeName = nodeName;
    this.peers = new PeerRoutes(nodeName, datapath);
    this.services = new ServiceBindings(datapath.services(), nodeName, addresses);
  }

  /** Takes the next step of the state. */
  public void apply(ClusterUpdate update, long now) {
    nowNanos = now;
    switch (update) {
      case ClusterUpdate.Snapshot snapshot -> {
        clusterProxy = snapshot.config().proxy();
        retainOnly(snapshot);
        snapshot.objects().forEach(this::upsert);
      }
      case ClusterUpdate.Delta delta -> delta.changes().forEach(this::change);
    }
    balance();
    bind();
  }

  /**
   * Has changes of endpoints come late.
   *
   * @param delay zero ends it, null lasts until then
   */
  public void delayEndpoints(@Nullable Duration delay) {
    endpoints.delay(delay);
    bind();
  }

  /** Makes the changes whose time has come. */
  public void advance(long now) {
    if (endpoints.advance(now)) {
      bind();
    }
  }

  private void balance() {
    ProxyChoice choice = ownProxy == null ? clusterProxy : ownProxy;
    ProxySettings settings =
        new ProxySettings(
            ProxyMode.valueOf(choice.mode().toUpperCase(Locale.ROOT)),
            IpvsScheduler.valueOf(choice.scheduler().toUpperCase(Locale.ROOT)));
    if (!settings.equals(datapath.proxy())) {
      LOG.info("Services are balanced by {} from now on", choice);
      datapath.balance(settings);
    }
  }

  private void bind() {
    services.bind();
    if (services.exposed().isChanged()) {
      exposing.accept(services.exposed().result());
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
    services.exposed().upsert(node);
    if (node.name().equals(nodeName)) {
      services.locate(node);
      ownProxy = node.proxy();
    }
  }

  private void remove(Removal removal) {
    switch (removal.kind()) {
      case NODE -> {
        peers.remove(removal.key().name());
        services.exposed().removeNode(removal.key().name());
      }
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
    services.exposed().retainNodes(nodes);
    services.retainServices(keptServices);
    endpoints.make(() -> services.retainSlices(keptSlices), nowNanos);
  }
}
