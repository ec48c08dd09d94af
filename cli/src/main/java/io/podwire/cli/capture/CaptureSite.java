package io.podwire.cli.capture;

import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A place on the node network where frames can be seen: a node's own network namespace. */
public final class CaptureSite implements AutoCloseable {
  // Null for this process' own, which nobody needs a privilege to stay in.
  private final @Nullable NetworkNamespace namespace;
  private final String link;

  private CaptureSite(@Nullable NetworkNamespace namespace, String link) {
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
      return found == null ? Optional.empty() : Optional.of(new CaptureSite(null, found.getName()));
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
    return namespace == null ? new PacketSocket() : namespace.call(PacketSocket::new);
  }

  /** Starts a program there. */
  public Process start(List<String> command) throws IOException {
    ProcessBuilder program = new ProcessBuilder(command);
    return namespace == null ? program.start() : namespace.call(program::start);
  }

  @Override
  public void close() {
    if (namespace != null) {
      namespace.close();
    }
  }
}
