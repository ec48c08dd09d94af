package io.podwire.agent.boot;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.podwire.agent.sync.NodeRegistration;
import io.podwire.agent.sync.NodeSession;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.linux.LinuxException;
import io.podwire.packet.addr.Cidr;
import io.podwire.proto.StateFollower;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent from its first hello to its end: registers the node, starts its network once it has a
 * Pod CIDR, and follows the cluster.
 *
 * <p>Pods outlive it: a restarted agent takes them over. Thread-safe.
 */
final class NodeLifecycle implements NodeSession.Lifecycle, AutoCloseable {

  /**
   * An agent killed a moment ago may still hold the name until its connection is seen to be gone.
   */
  private static final Duration NAME_PATIENCE = Duration.ofSeconds(15);

  private static final int FLOW_WINDOW = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(NodeLifecycle.class);

  private final AgentConfig config;
  private final NodeLink link;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final StateFollower follower;
  private @Nullable NodeRuntime runtime;
  private boolean refusedBefore;

  NodeLifecycle(AgentConfig config, NodeLink link) {
    this.config = config;
    this.link = link;
    this.follower =
        NodeSession.follow(
            config.controlPlanes(), NodeLifecycle::channel, registration(config), this);
  }

  private static NodeRegistration registration(AgentConfig config) {
    return new NodeRegistration(
        config.name(),
        config.addresses(),
        GatewayPlan.vtepMac(config.address()),
        config.vxlanPort(),
        config.grpcPort(),
        config.labels(),
        config.attachSocket(),
        HexFormat.of().toHexDigits(new SplittableRandom().nextLong()));
  }

  private static ManagedChannel channel(String address) {
    return NettyChannelBuilder.forTarget(address)
        .usePlaintext()
        // The follower has a thread of its own, and only passes on to it.
        .directExecutor()
        // A window of one size: gRPC would send a ping with every message to find a better one.
        .flowControlWindow(FLOW_WINDOW)
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .build();
  }

  /** Runs until the agent is closed or cannot go on; returns the exit code. */
  int run() {
    follower.start();
    try {
      return exit.join();
    } catch (CompletionException e) {
      LOG.error("the node cannot run", e.getCause());
      return 1;
    }
  }

  @Override
  public synchronized NodeSession.RunningNode start(ClusterConfig cluster, List<Cidr> podCidrs) {
    try {
      NodeRuntime started = NodeRuntime.start(config, link, cluster, podCidrs, follower);
      runtime = started;
      LOG.info(
          "node {} at {} runs Pods in {} (MTU {})",
          config.name(),
          config.address(),
          podCidrs,
          GatewayPlan.podMtu(config.address(), link.mtu()));
      return started;
    } catch (LinuxException e) {
      System.err.println("node " + config.name() + " cannot start: " + e.getMessage());
      exit.complete(NodeAgent.EXIT_CONFIG);
      throw e;
    } catch (RuntimeException e) {
      exit.completeExceptionally(e);
      throw e;
    }
  }

  @Override
  public synchronized void refused(String reason) {
    if (runtime != null) {
      LOG.warn("the control plane refuses this node: {}", reason);
    } else if (!refusedBefore) {
      refusedBefore = true;
      LOG.warn("the control plane refuses this node: {}; trying for a moment", reason);
      CompletableFuture.delayedExecutor(NAME_PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .execute(() -> giveUp(reason));
    }
  }

  private synchronized void giveUp(String reason) {
    if (runtime == null) {
      System.err.println("--name: " + config.name() + ": " + reason);
      exit.complete(NodeAgent.EXIT_CONFIG);
    }
  }

  @Override
  public void close() {
    follower.close();
    NodeRuntime running;
    synchronized (this) {
      running = runtime;
      runtime = null;
    }
    if (running != null) {
      running.close();
    }
    exit.complete(0);
  }
}
