package io.podwire.client.socket;

import io.podwire.packet.carry.CarryFrame;
import io.podwire.packet.carry.CarryKind;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A port of the Pod on which connections are accepted for programs of this machine. */
final class PodListener implements PodSockets.Receiver {
  private final PodSockets sockets;
  private final Accepting accepting;
  private final CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();
  private int stream;

  /** Takes up connections; called on the one thread that serves all of the Pod's sockets. */
  interface Accepting {
    /** A connection, by its number, with its ends as the Pod sees them. */
    void accepted(int stream, InetSocketAddress local, InetSocketAddress remote);

    /** The Pod is gone. */
    default void lost() {}
  }

  private PodListener(PodSockets sockets, Accepting accepting) {
    this.sockets = sockets;
    this.accepting = accepting;
  }

  /**
   * Listens; waits for the Pod's answer.
   *
   * @param port 0 for a free one
   * @throws IOException where the port is taken
   */
  static PodListener open(PodSockets sockets, int port, Accepting accepting) throws IOException {
    PodListener listener = new PodListener(sockets, accepting);
    listener.stream = sockets.register(listener);
    sockets.send(CarryFrame.of(listener.stream, CarryKind.LISTEN, Integer.toString(port)));
    sockets.await(listener.address);
    return listener;
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return address.join();
  }

  @Override
  public void take(CarryFrame frame) {
    switch (frame.kind()) {
      case OPENED -> address.complete(StreamEnds.end(frame.text()));
      case FAILED -> {
        sockets.forget(stream);
        address.completeExceptionally(new BindException(CarriedStream.Failure.of(frame).message()));
      }
      case ACCEPTED -> {
        String[] words = frame.text().split(" ");
        accepting.accepted(
            Integer.parseUnsignedInt(words[0]), StreamEnds.end(words[1]), StreamEnds.end(words[2]));
      }
      default -> {
        // Of no meaning for a listener.
      }
    }
  }

  @Override
  public void lost(String reason) {
    address.completeExceptionally(new IOException(reason));
    accepting.lost();
  }

  /** Frees the port; connections that were accepted go on. */
  void close() {
    sockets.forget(stream);
    sockets.send(CarryFrame.of(stream, CarryKind.CLOSE));
  }
}
