package io.podwire.agent.api;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.podwire.agent.pod.PodFleet;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/**
 * The agent's gRPC server for exec, logs, captures, decisions and rules, on the node's own address.
 *
 * <p>Thread-safe.
 */
public final class AccessServer implements AutoCloseable {

  private static final int STOP_SECONDS = 2;

  private final Server server;

  private AccessServer(Server server) {
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param port 0 lets the system choose, see {@link #port}
   * @throws UncheckedIOException where the port is taken
   */
  public static AccessServer start(
      IpAddress address,
      int port,
      PodFleet fleet,
      CaptureSource source,
      DecisionSource decisions,
      RuleSource rules) {
    try {
      InetSocketAddress local =
          new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), port);
      return new AccessServer(
          NettyServerBuilder.forAddress(local)
              .addService(new AccessService(fleet, source, decisions, rules))
              .permitKeepAliveWithoutCalls(true)
              .permitKeepAliveTime(5, TimeUnit.SECONDS)
              .build()
              .start());
    } catch (UnknownHostException impossible) {
      throw new AssertionError("an address needs no look-up", impossible);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen on " + address + ":" + port + "; choose another --grpc-port", e);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** Ends the calls under way, and with them the programs that they have started. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
