package io.podwire.client.socket;

import io.podwire.packet.Octets;
import io.podwire.packet.carry.CarryFailure;
import io.podwire.packet.carry.CarryFrame;
import io.podwire.packet.carry.CarryKind;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** One TCP connection of the Pod. Thread-safe; nothing waits. */
final class CarriedStream implements PodSockets.Receiver {
  private static final int CHUNK = 32 * 1024;

  private final int id;
  private final PodSockets sockets;
  private final StreamEvents events;
  private final AtomicInteger room = new AtomicInteger(CarryFrame.WINDOW);
  private final AtomicInteger openDirections = new AtomicInteger(2);

  CarriedStream(int id, PodSockets sockets, StreamEvents events) {
    this.id = id;
    this.sockets = sockets;
    this.events = events;
  }

  /** Begins; the kernel in the Pod decides how long it tries. */
  void connect(String host, int port) {
    sockets.send(CarryFrame.of(id, CarryKind.CONNECT, host + " " + port + " 0"));
  }

  /** Sends octets; the caller stops at a {@link #room} of none until it is told of more. */
  void send(byte[] octets) {
    room.addAndGet(-octets.length);
    for (int from = 0; from < octets.length; from += CHUNK) {
      int to = Math.min(octets.length, from + CHUNK);
      sockets.send(
          new CarryFrame(id, CarryKind.DATA, Octets.of(Arrays.copyOfRange(octets, from, to))));
    }
  }

  /** Octets that may be sent before the Pod has taken some. */
  int room() {
    return room.get();
  }

  /** Sends no more. */
  void end() {
    sockets.send(CarryFrame.of(id, CarryKind.END));
    directionEnded();
  }

  /** Gives it up: the other end sees a reset. */
  void reset() {
    sockets.forget(id);
    sockets.send(CarryFrame.of(id, CarryKind.RESET));
  }

  /** So many octets that came have been used. */
  void taken(int octets) {
    sockets.send(CarryFrame.of(id, CarryKind.CREDIT, Integer.toString(octets)));
  }

  @Override
  public void take(CarryFrame frame) {
    switch (frame.kind()) {
      case OPENED -> {
        String[] ends = frame.text().split(" ");
        events.opened(ends[0], ends[1]);
      }
      case FAILED -> {
        sockets.forget(id);
        Failure failure = Failure.of(frame);
        events.failed(failure.cause(), failure.message());
      }
      case DATA -> events.data(frame.payload());
      case END -> {
        events.ended();
        directionEnded();
      }
      case CREDIT -> {
        if (room.addAndGet(Integer.parseInt(frame.text())) > 0) {
          events.writable();
        }
      }
      case RESET -> {
        sockets.forget(id);
        events.reset();
      }
      default -> {
        // Of no meaning for a connection.
      }
    }
  }

  @Override
  public void lost(String reason) {
    events.failed(CarryFailure.OTHER, reason);
    events.reset();
  }

  private void directionEnded() {
    if (openDirections.decrementAndGet() == 0) {
      sockets.forget(id);
    }
  }

  /** A FAILED frame's two parts. */
  record Failure(CarryFailure cause, String message) {
    static Failure of(CarryFrame frame) {
      String text = frame.text();
      int blank = text.indexOf(' ');
      return new Failure(CarryFailure.valueOf(text.substring(0, blank)), text.substring(blank + 1));
    }
  }
}
