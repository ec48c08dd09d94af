package io.podwire.agent.boot;

import io.podwire.agent.api.AccessServer;
import io.podwire.agent.attach.AttachServer;
import io.podwire.agent.expose.NodeExposure;
import io.podwire.agent.fault.NodeFaults;
import io.podwire.agent.pod.BuiltInImages;
import io.podwire.agent.pod.NodeNetwork;
import io.podwire.agent.pod.PodFleet;
import io.podwire.agent.pod.PodNetwork;
import io.podwire.agent.sync.DatapathSync;
import io.podwire.agent.sync.NodeSession;
import io.podwire.agent.sync.PodPlacement;
import io.podwire.agent.tunnel.KernelAttachment;
import io.podwire.agent.tunnel.NodeLoop;
import io.podwire.agent.tunnel.Offloads;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.linux.Tap;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.netstack.gateway.NodeDatapath;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.proto.StateFollower;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that runs: its kernel's attachment, its loop, its Pods and its gRPC server. */
final class NodeRuntime implements NodeSession.RunningNode, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeRuntime.class);

  private static final Duration FAULT_TICK = Duration.ofMillis(50);

  private final AgentConfig config;
  private final StateFollower follower;

  /** The last opened is closed first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private final NodeLoop loop;
  private final DatapathSync datapath;
  private final NodeFaults faults;
  private final PodFleet fleet;
  private boolean ready;

  private NodeRuntime(
      AgentConfig config,
      NodeLink link,
      ClusterConfig cluster,
      List<Cidr> podCidrs,
      StateFollower follower) {
    this.config = config;
    this.follower = follower;
    try {
      GatewayConfig gateway = GatewayPlan.of(cluster, podCidrs, config.addresses(), link.mtu());
      List<IpAddress> addresses = gateway.nodes();
      KernelAttachment kernel = opened(KernelAttachment.attach(gateway, link.name()));
      loop =
          opened(
              new NodeLoop(
                  gateway,
                  cluster.vni(),
                  config.vxlanPort(),
                  kernel.tap(),
                  config.offloads() ? Offloads.available() : Offloads.none(),
                  new SplittableRandom()));
      NodeExposure exposure =
          opened(NodeExposure.start(loop, addresses, link.name(), cluster.loadBalancerCidrs()));
      datapath =
          loop.read(
              tables -> new DatapathSync(config.name(), addresses, tables, exposure::replace));
      NodeNetwork network =
          new NodeNetwork(
              gateway.families(),
              gateway.podMtu(),
              cluster.dnsAddress(),
              cluster.zone(),
              config.resolvConf());
      PodPlacement placement = new PodPlacement(config.name(), follower::channel);
      fleet =
          opened(
              new PodFleet(
                  config.state(),
                  new LoopPodNetwork(network, loop),
                  BuiltInImages.on(config.runtime()),
                  placement,
                  follower::send));
      faults = new NodeFaults(surroundings());
      loop.repeat(this::tick, FAULT_TICK);
      opened(
          AccessServer.start(
              config.address(),
              config.grpcPort(),
              fleet,
              loop::capture,
              (fault, most) -> loop.read(tables -> faults.decisions(fault, most)),
              () -> loop.read(NodeDatapath::rules)));
      Path attachSocket = config.attachSocket();
      if (attachSocket != null) {
        opened(
            AttachServer.start(attachSocket, config.name(), network, fleet.attached(), placement));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private NodeFaults.Surroundings surroundings() {
    return new NodeFaults.Surroundings(
        config.name(),
        loop.faultedLinks(),
        fleet,
        new AgentActions(follower, datapath),
        new NodeFaults.Clocks(
            System::nanoTime, System::currentTimeMillis, follower::lastHeardNanos),
        follower::send);
  }

  private void tick() {
    datapath.advance(System.nanoTime());
    faults.tick();
  }

  static NodeRuntime start(
      AgentConfig config,
      NodeLink link,
      ClusterConfig cluster,
      List<Cidr> podCidrs,
      StateFollower follower) {
    return new NodeRuntime(config, link, cluster, podCidrs, follower);
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void update(ClusterUpdate update) {
    loop.change(tables -> {
      datapath.apply(update, System.nanoTime());
      faults.apply(update);
    });
  }

  @Override
  public void assign(Collection<Pod> pods) {
    fleet.reconcile(pods);
  }

  @Override
  public void applied(long revision) {
    follower.applied(revision);
    if (!ready) {
      ready = true;
      announce();
    }
  }

  private void announce() {
    Path file = config.readyFile();
    if (file != null) {
      try {
        Files.writeString(file, config.name() + "\n");
        opened(() -> Files.deleteIfExists(file));
      } catch (IOException e) {
        throw new UncheckedIOException("--ready-file " + file + " cannot be written", e);
      }
    }
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.warn("while stopping", e);
      }
    }
  }

  /** The Pods' side of the data path. */
  private record LoopPodNetwork(NodeNetwork node, NodeLoop loop) implements PodNetwork {

    @Override
    public void attach(ObjectName pod, IpAddress ip, MacAddress mac, Tap tap) {
      loop.attachPod(pod.toString(), node.addresses(ip), mac, tap);
    }

    @Override
    public void detach(ObjectName pod) {
      loop.detachPod(pod.toString());
    }
  }
}
