package io.podwire.agent.pod;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Probe;
import io.podwire.linux.ChildProcess;
import io.podwire.linux.ProcessSpawner;
import io.podwire.linux.Signal;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One try of a readiness probe (Kubernetes' "Configure Liveness, Readiness and Startup Probes"):
 * network probes from the node's own network namespace, commands inside the Pod.
 *
 * <p>Blocks at most the probe's timeout; thread-safe.
 */
final class ProbeCheck {

  private static final int FIRST_GOOD_STATUS = 200;
  private static final int FIRST_BAD_STATUS = 400;
  private static final int STATUS_LINE_MAX = 1024;
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/\\S+ ([1-5][0-9]{2})( .*)?");

  private final IpAddress ip;
  private final @Nullable PodSandbox sandbox;
  private final Container container;
  private final String hostname;
  private final Probe probe;

  /**
   * @param ip the Pod's address
   * @param sandbox where commands run; null where none can
   */
  ProbeCheck(
      IpAddress ip,
      @Nullable PodSandbox sandbox,
      Container container,
      String hostname,
      Probe probe) {
    this.ip = ip;
    this.sandbox = sandbox;
    this.container = container;
    this.hostname = hostname;
    this.probe = probe;
  }

  /** Whether it succeeds; a failure of any kind is one. */
  boolean succeeds() {
    try {
      return switch (probe.action()) {
        case Probe.HttpGet http -> httpSucceeds(http);
        case Probe.TcpSocket tcp -> tcpSucceeds(tcp);
        case Probe.Exec exec -> commandSucceeds(exec);
      };
    } catch (IOException | RuntimeException failure) {
      return false;
    }
  }

  private boolean tcpSucceeds(Probe.TcpSocket tcp) throws IOException {
    try (Socket socket = connect(tcp.host(), tcp.port(), millis())) {
      return socket.isConnected();
    }
  }

  private boolean httpSucceeds(Probe.HttpGet http) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(probe.timeoutSeconds());
    try (Socket plain = connect(http.host(), http.port(), millis());
        Socket socket =
            http.scheme().equalsIgnoreCase("https")
                ? UnverifiedTls.over(plain, remaining(deadline))
                : plain) {
      socket.setSoTimeout(remaining(deadline));
      String host = http.host().isEmpty() ? ip.toString() : http.host();
      String path = http.path().startsWith("/") ? http.path() : "/" + http.path();
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET "
                  + path
                  + " HTTP/1.1\r\nHost: "
                  + (host.contains(":") ? "[" + host + "]" : host)
                  + ":"
                  + socket.getPort()
                  + "\r\nUser-Agent: kube-probe/1.32\r\nAccept: */*\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      int status = status(socket, deadline);
      return status >= FIRST_GOOD_STATUS && status < FIRST_BAD_STATUS;
    }
  }

  private static int status(Socket socket, long deadline) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < STATUS_LINE_MAX) {
      socket.setSoTimeout(remaining(deadline));
      int octet = socket.getInputStream().read();
      if (octet < 0 || octet == '\n') {
        break;
      }
      line.append((char) octet);
    }
    Matcher matcher = STATUS_LINE.matcher(line.toString().strip());
    if (!matcher.matches()) {
      throw new IOException("not an HTTP answer: " + line);
    }
    return Integer.parseInt(matcher.group(1));
  }

  private static int remaining(long deadline) throws IOException {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0) {
      throw new IOException("timed out");
    }
    return (int) left;
  }

  private Socket connect(String host, PortRef port, int millis) throws IOException {
    InetAddress address = host.isEmpty() ? address(ip) : InetAddress.getByName(host);
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(address, number(port)), millis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static InetAddress address(IpAddress ip) throws IOException {
    return InetAddress.getByAddress(ip.toBytes());
  }

  private int number(PortRef port) {
    return switch (port) {
      case PortRef.Number number -> number.port();
      case PortRef.Named named ->
          container.ports().stream()
              .filter(known -> known.name().equals(named.name()))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no port is named " + named.name()))
              .port();
    };
  }

  private boolean commandSucceeds(Probe.Exec exec) {
    if (sandbox == null) {
      return false;
    }
    ContainerProgram program = ContainerProgram.beside(container, hostname, exec.command());
    ChildProcess process =
        sandbox.start(() ->
            new ProcessSpawner(program.command())
                .environment(program.environment())
                .directory(program.directory().isEmpty() ? "/" : program.directory())
                .newSession(true)
                .start());
    try {
      return process.exit().get(probe.timeoutSeconds(), TimeUnit.SECONDS).equals(OptionalInt.of(0));
    } catch (TimeoutException | ExecutionException e) {
      process.signal(Signal.KILL);
      return false;
    } catch (InterruptedException e) {
      process.signal(Signal.KILL);
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private int millis() {
    return (int) TimeUnit.SECONDS.toMillis(probe.timeoutSeconds());
  }
}
