package io.podwire.dns.sync;

import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.proto.StateFollower;
import java.util.List;
import java.util.function.Consumer;

/** Follows the cluster's state from any of several control planes until it is closed. */
public final class ClusterFollower implements AutoCloseable {
  /** Octets of the largest message; large snapshots come in several. */
  private static final int MAX_MESSAGE = 16 << 20;

  /** Octets on the way; of one size, for gRPC would look for a better one with pings. */
  private static final int FLOW_WINDOW = 1 << 20;

  private final StateFollower follower;

  private ClusterFollower(StateFollower follower) {
    this.follower = follower;
  }

  /**
   * Starts to follow.
   *
   * @param controlPlanes {@code host:port} each
   * @param group the event loops that the connections run on
   * @param client a name for the control plane's log
   * @param updates called on one thread, one call at a time
   */
  public static ClusterFollower start(
      List<String> controlPlanes,
      EventLoopGroup group,
      Class<? extends SocketChannel> channels,
      String client,
      Consumer<ClusterUpdate> updates) {
    StateFollower follower =
        StateFollower.watch(
            controlPlanes,
            address ->
                NettyChannelBuilder.forTarget(address)
                    .eventLoopGroup(group)
                    .channelType(channels)
                    .usePlaintext()
                    .maxInboundMessageSize(MAX_MESSAGE)
                    .directExecutor()
                    .flowControlWindow(FLOW_WINDOW)
                    .build(),
            client,
            updates::accept);
    follower.start();
    return new ClusterFollower(follower);
  }

  @Override
  public void close() {
    follower.close();
  }
}
