package io.podwire.agnhost.carry;

import io.podwire.packet.carry.CarryFrame;
import io.podwire.packet.carry.CarryKind;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP connection: one virtual thread for each direction.
 *
 * <p>What waits to be written is bounded by the window that the other side keeps to.
 */
final class CarriedConnection implements Carrier.Carried {
  private static final int CHUNK = 32 * 1024;

  private final int stream;
  private final Socket socket;
  private final Carrier carrier;
  private final BlockingQueue<CarryFrame> toWrite = new LinkedBlockingQueue<>();
  private final Semaphore credit = new Semaphore(CarryFrame.WINDOW);
  private final AtomicInteger openDirections = new AtomicInteger(2);
  private final AtomicBoolean over = new AtomicBoolean();

  CarriedConnection(int stream, Socket socket, Carrier carrier) {
    this.stream = stream;
    this.socket = socket;
    this.carrier = carrier;
  }

  void start() {
    Thread.startVirtualThread(this::read);
    Thread.startVirtualThread(this::write);
  }

  @Override
  public void take(CarryFrame frame) {
    switch (frame.kind()) {
      case DATA, END -> toWrite.add(frame);
      case CREDIT -> credit.release(Integer.parseInt(frame.text()));
      case RESET -> abort();
      default -> {
        // Of no meaning for a connection.
      }
    }
  }

  private void read() {
    byte[] chunk = new byte[CHUNK];
    try {
      for (int read = socket.getInputStream().read(chunk); read >= 0; ) {
        credit.acquire(read);
        carrier.send(CarryFrame.data(stream, chunk, read));
        read = socket.getInputStream().read(chunk);
      }
      carrier.send(CarryFrame.of(stream, CarryKind.END));
      directionEnded();
    } catch (IOException broken) {
      reset();
    } catch (InterruptedException aborted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try {
      for (CarryFrame frame = toWrite.take(); frame.kind() == CarryKind.DATA; ) {
        socket.getOutputStream().write(frame.payload().toBytes());
        String taken = Integer.toString(frame.payload().length());
        carrier.send(CarryFrame.of(stream, CarryKind.CREDIT, taken));
        frame = toWrite.take();
      }
      socket.shutdownOutput();
      directionEnded();
    } catch (IOException broken) {
      reset();
    } catch (InterruptedException aborted) {
      Thread.currentThread().interrupt();
    }
  }

  private void directionEnded() throws IOException {
    if (openDirections.decrementAndGet() == 0 && over.compareAndSet(false, true)) {
      carrier.ended(stream);
      socket.close();
    }
  }

  /** The other end has reset it. */
  private void reset() {
    if (end()) {
      carrier.send(CarryFrame.of(stream, CarryKind.RESET));
    }
  }

  /** Resets it from here: closing without lingering sends RST (RFC 9293, section 3.10.5). */
  @Override
  public void abort() {
    end();
  }

  private boolean end() {
    if (!over.compareAndSet(false, true)) {
      return false;
    }
    carrier.ended(stream);
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException closed) {
      // It is gone already.
    }
    // Wakes both threads, which find the socket closed. No interrupt: it could meet a frame's
    // write.
    credit.release(CarryFrame.WINDOW);
    toWrite.add(CarryFrame.of(stream, CarryKind.END));
    return true;
  }
}
