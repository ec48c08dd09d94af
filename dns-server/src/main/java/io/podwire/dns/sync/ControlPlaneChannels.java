package io.podwire.dns.sync;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Opens channels to control planes.
 *
 * @param group the event loops that the connections run on
 */
public record ControlPlaneChannels(EventLoopGroup group, Class<? extends SocketChannel> kind)
    implements Function<String, ManagedChannel> {

  /** Octets of the largest message; large snapshots come in several. */
  private static final int MAX_MESSAGE = 16 << 20;

  /** Octets on the way; of one size, for gRPC would look for a better one with pings. */
  private static final int FLOW_WINDOW = 1 << 20;

  /** After which a channel without calls gives its connection up. */
  private static final long IDLE_SECONDS = 60;

  @Override
  public ManagedChannel apply(String address) {
    return NettyChannelBuilder.forTarget(address)
        .eventLoopGroup(group)
        .channelType(kind)
        .usePlaintext()
        .maxInboundMessageSize(MAX_MESSAGE)
        .directExecutor()
        .flowControlWindow(FLOW_WINDOW)
        .idleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
        .build();
  }
}
