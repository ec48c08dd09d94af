package io.podwire.agent.attach;

import io.podwire.agent.pod.AttachedPods;
import io.podwire.agent.pod.NodeNetwork;
import io.podwire.agent.pod.PodRegistry;
import io.podwire.linux.Errno;
import io.podwire.linux.LinuxException;
import io.podwire.linux.UnixSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a unix socket and has a session for each program that connects, on a thread of its
 * own. Thread-safe.
 */
public final class AttachServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AttachServer.class);

  private final Path path;
  private final UnixSocket socket;
  private final Node node;
  private final Set<AttachSession> sessions = ConcurrentHashMap.newKeySet();

  /** What sessions work with. */
  record Node(String name, NodeNetwork network, AttachedPods pods, PodRegistry registry) {}

  private AttachServer(Path path, UnixSocket socket, Node node) {
    this.path = path;
    this.socket = socket;
    this.node = node;
  }

  /**
   * Listens at the path; a socket that nobody listens on any more is replaced.
   *
   * @throws LinuxException where another program listens there, or nobody can
   */
  public static AttachServer start(
      Path path, String node, NodeNetwork network, AttachedPods pods, PodRegistry registry) {
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      removeStale(path);
      UnixSocket socket = UnixSocket.listen(path);
      // Whoever may write to it may take part in the cluster.
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
      AttachServer server = new AttachServer(path, socket, new Node(node, network, pods, registry));
      Thread.ofPlatform().name("attach").daemon().start(server::run);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("--attach-socket " + path + " cannot be made", e);
    }
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try {
      UnixSocket.connect(path).close();
    } catch (LinuxException e) {
      if (e.errno() == Errno.ECONNREFUSED) {
        Files.deleteIfExists(path);
      }
      return;
    }
    throw new LinuxException(
        "bind", Errno.EADDRINUSE, path.toString(), "another agent listens there");
  }

  private void run() {
    try {
      for (Optional<UnixSocket> next = socket.accept(); next.isPresent(); next = socket.accept()) {
        begin(next.get());
      }
    } catch (LinuxException e) {
      LOG.error("no more Pods can be attached", e);
    }
  }

  private void begin(UnixSocket connection) {
    AttachSession session = new AttachSession(connection, node);
    sessions.add(session);
    Thread.ofPlatform()
        .name("attach-session")
        .daemon()
        .start(() -> {
          try {
            session.run();
          } finally {
            sessions.remove(session);
          }
        });
  }

  /** Lets go of all who are connected: they may come back to the next agent. */
  @Override
  public void close() {
    socket.close();
    sessions.forEach(AttachSession::letGo);
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.debug("{} stays", path, e);
    }
  }
}
