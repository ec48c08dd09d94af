package io.podwire.agnhost.netexec;

import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The HTTP and UDP test server, with the endpoints of agnhost's netexec. */
@Command(
    name = "netexec",
    mixinStandardHelpOptions = true,
    description =
        "Serves /, /clientip, /hostname, /healthz, /echo, /header, /redirect, /shell, /dial and"
            + " /exit over HTTP, and hostname, echo MESSAGE and clientip over UDP.")
public final class NetexecCommand implements Callable<Integer> {

  @Option(names = "--http-port", defaultValue = "8080", description = "Default: ${DEFAULT-VALUE}")
  int httpPort = 8080;

  @Option(
      names = "--udp-port",
      defaultValue = "8081",
      description = "Negative for none. Default: ${DEFAULT-VALUE}")
  int udpPort = 8081;

  @Override
  public Integer call() throws IOException, InterruptedException {
    AtomicReference<@Nullable UdpServer> udp = new AtomicReference<>();
    AtomicReference<@Nullable WebServer> web = new AtomicReference<>();
    String hostname = Hostname.own();
    Endpoints endpoints =
        new Endpoints(
            hostname,
            () -> udpPort < 0 || isServing(udp.get()),
            (code, wait, timeout) -> exit(web.get(), code, wait, timeout));
    int port = httpPort;
    try {
      web.set(WebServer.start(httpPort, endpoints::answer));
      System.err.println("serving HTTP on port " + httpPort);
      if (udpPort >= 0) {
        port = udpPort;
        udp.set(UdpServer.start(udpPort, hostname));
        System.err.println("serving UDP on port " + udpPort);
      }
    } catch (BindException | IllegalArgumentException e) {
      System.err.println("cannot listen on port " + port + ": " + e.getMessage());
      return 1;
    }
    new CountDownLatch(1).await();
    return 0;
  }

  private static boolean isServing(@Nullable UdpServer server) {
    return server != null && server.isServing();
  }

  /** Answers the request first, so it must not wait in its thread. */
  private static void exit(@Nullable WebServer web, int code, Duration wait, Duration timeout) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            Thread.sleep(wait);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          if (web != null && timeout.isPositive()) {
            web.stop((int) Math.max(1, timeout.toSeconds()));
          }
          Runtime.getRuntime().exit(code);
        });
  }
}
