package io.podwire.sandbox;

import io.podwire.cluster.attach.AttachJson;
import io.podwire.cluster.attach.AttachReply;
import io.podwire.cluster.attach.AttachRequest;
import io.podwire.linux.Errno;
import io.podwire.linux.LinuxException;
import io.podwire.linux.Tap;
import io.podwire.linux.UnixSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a node's agent.
 *
 * <p>Calls block. One thread may receive while another sends.
 */
public final class AgentConnection implements AutoCloseable {

  // Longer than the agent itself waits for the control plane.
  private static final long PATIENCE_MILLIS = 40_000;

  private final UnixSocket socket;

  private AgentConnection(UnixSocket socket) {
    this.socket = socket;
  }

  /** Connects; a {@link NoAgent} says why that cannot be. */
  public static AgentConnection open(Path path) {
    try {
      return new AgentConnection(UnixSocket.connect(path));
    } catch (LinuxException e) {
      throw new NoAgent(
          switch (e.errno()) {
            case Errno.ENOENT, Errno.ENOTDIR ->
                "no agent's socket at "
                    + path
                    + "; start the node's agent with --attach-socket, and mount the socket's folder"
                    + " here";
            case Errno.ECONNREFUSED ->
                "nobody listens on " + path + "; the node's agent has ended, start it again";
            default -> String.valueOf(e.getMessage());
          });
    }
  }

  /** There is no agent to talk to. */
  public static final class NoAgent extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoAgent(String message) {
      super(message);
    }
  }

  /**
   * Asks and waits for the answer.
   *
   * @param tap whose descriptor goes along, or null
   */
  public AttachReply ask(AttachRequest request, @Nullable Tap tap) {
    try {
      socket.setReceiveTimeout(PATIENCE_MILLIS);
      socket.send(AttachJson.write(request), tap == null ? null : tap.descriptor());
      String line =
          socket.receive().orElseThrow(() -> new NoAgent("the agent has ended meanwhile"));
      socket.setReceiveTimeout(0);
      return AttachJson.readReply(line);
    } catch (LinuxException e) {
      throw new NoAgent(
          e.errno() == Errno.EAGAIN
              ? "the agent does not answer within " + PATIENCE_MILLIS / 1000 + " s"
              : "the agent has ended meanwhile: " + e.getMessage());
    }
  }

  /** Asks without waiting; {@link #receive} brings the answer. */
  public void send(AttachRequest request) {
    try {
      socket.send(AttachJson.write(request), null);
    } catch (LinuxException e) {
      throw new NoAgent("the agent has ended meanwhile: " + e.getMessage());
    }
  }

  /** The next message; empty where the agent is gone. */
  public Optional<AttachReply> receive() {
    try {
      return socket.receive().map(AttachJson::readReply);
    } catch (LinuxException broken) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
