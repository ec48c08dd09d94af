package io.podwire.agnhost.carry;

import io.podwire.packet.carry.CarryFrame;
import io.podwire.packet.carry.CarryKind;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** A listening socket; connections become streams of their own. */
final class CarriedListener implements Carrier.Carried {
  private final int stream;
  private final ServerSocket server;
  private final Carrier carrier;

  CarriedListener(int stream, ServerSocket server, Carrier carrier) {
    this.stream = stream;
    this.server = server;
    this.carrier = carrier;
  }

  void start() {
    Thread.startVirtualThread(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        carrier.accept(stream, socket);
      }
    } catch (IOException closed) {
      carrier.ended(stream);
    }
  }

  @Override
  public void take(CarryFrame frame) {
    if (frame.kind() == CarryKind.CLOSE) {
      abort();
    }
  }

  @Override
  public void abort() {
    try {
      server.close();
    } catch (IOException closed) {
      // It is gone already.
    }
  }
}
