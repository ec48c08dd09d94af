package io.podwire.cli.capture;

import io.podwire.agent.linux.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;

/** A place on the node network where frames can be seen: a node's own network namespace. */
public final class CaptureSite implements AutoCloseable {
  private final NetworkNamespace namespace;
  private final String link;

  private CaptureSite(NetworkNamespace namespace, String link) {
    this.namespace = namespace;
    this.link = link;
  }

  /** The namespace that a process is in. */
  public static CaptureSite ofProcess(long pid, String link) {
    return new CaptureSite(NetworkNamespace.ofProcess(pid), link);
  }

  /** This process' own namespace, where it has that address: then a node lives here too. */
  public static Optional<CaptureSite> here(String address) {
    try {
      NetworkInterface found = NetworkInterface.getByInetAddress(InetAddress.ofLiteral(address));
      return found == null
          ? Optional.empty()
          : Optional.of(new CaptureSite(NetworkNamespace.current(), found.getName()));
    } catch (SocketException | IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  /** The link to the node network. */
  public String link() {
    return link;
  }

  /** Listens to every link there. */
  public PacketSocket listen() {
    return namespace.call(PacketSocket::new);
  }

  /** Starts a program there. */
  public Process start(List<String> command) throws IOException {
    return namespace.call(() -> new ProcessBuilder(command).start());
  }

  @Override
  public void close() {
    namespace.close();
  }
}
