package io.podwire.controlplane.api;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.podwire.cluster.model.Node;
import io.podwire.packet.addr.IpAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC channels to the nodes' agents, one for each node and kept while its address stays.
 *
 * <p>Thread-safe.
 */
final class AgentChannels implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final int MAX_MESSAGE = 4 << 20;

  private record Link(InetSocketAddress address, ManagedChannel channel) {}

  private final Map<String, Link> links = new HashMap<>();

  /**
   * A channel that is connected.
   *
   * @throws ApiException if the node has no agent, or it cannot be reached within 5 s
   */
  ManagedChannel connect(Node node) throws InterruptedException {
    IpAddress address = node.address();
    if (address == null || node.agentPort() == 0) {
      throw unavailable(
          "node " + node.name() + " has no agent; only Pods on agents can be entered");
    }
    InetSocketAddress target = new InetSocketAddress(address.toString(), node.agentPort());
    ManagedChannel channel = channel(node.name(), target);
    if (!isReady(channel)) {
      throw unavailable(
          "the agent of node "
              + node.name()
              + " at "
              + address
              + ":"
              + node.agentPort()
              + " cannot be reached; see whether the node is Ready");
    }
    return channel;
  }

  private synchronized ManagedChannel channel(String node, InetSocketAddress address) {
    Link link = links.get(node);
    if (link != null && link.address().equals(address)) {
      return link.channel();
    }
    if (link != null) {
      link.channel().shutdown();
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address)
            .usePlaintext()
            .idleTimeout(IDLE.toMinutes(), TimeUnit.MINUTES)
            .maxInboundMessageSize(MAX_MESSAGE)
            .build();
    links.put(node, new Link(address, channel));
    return channel;
  }

  private static boolean isReady(ManagedChannel channel) throws InterruptedException {
    long end = System.nanoTime() + CONNECT_TIMEOUT.toNanos();
    // An earlier failure makes the channel wait before it tries again; this request is worth a try.
    channel.resetConnectBackoff();
    ConnectivityState state = channel.getState(true);
    boolean tried = false;
    while (state != ConnectivityState.READY) {
      if (state == ConnectivityState.SHUTDOWN
          || (tried && state == ConnectivityState.TRANSIENT_FAILURE)) {
        return false;
      }
      CountDownLatch changed = new CountDownLatch(1);
      channel.notifyWhenStateChanged(state, changed::countDown);
      if (!changed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return false;
      }
      // The attempt itself may be over before it is seen.
      tried = true;
      state = channel.getState(true);
    }
    return true;
  }

  /** What a failed call to an agent means to a client. */
  static ApiException failure(Node node, StatusRuntimeException e) {
    Status status = e.getStatus();
    String text =
        status.getDescription() == null ? status.getCode().name() : status.getDescription();
    return switch (status.getCode()) {
      case NOT_FOUND -> ApiException.of(404, "NotFound", text);
      case INVALID_ARGUMENT, FAILED_PRECONDITION -> ApiException.badRequest(text);
      case UNAVAILABLE ->
          unavailable("the agent of node " + node.name() + " cannot be reached: " + text);
      default ->
          ApiException.of(
              500, "InternalError", "the agent of node " + node.name() + " failed: " + text);
    };
  }

  private static ApiException unavailable(String message) {
    return ApiException.of(503, "ServiceUnavailable", message);
  }

  @Override
  public synchronized void close() {
    links.values().forEach(link -> link.channel().shutdownNow());
    links.clear();
  }
}
