package io.podwire.client.socket;

import io.podwire.packet.Octets;
import io.podwire.packet.carry.CarriedDatagram;
import io.podwire.packet.carry.CarryFrame;
import io.podwire.packet.carry.CarryKind;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A UDP socket of the Pod. It is not connected; {@link #send} takes unresolved names too, which the
 * Pod resolves. Of what comes faster than it is received, the newest is lost.
 */
final class PodDatagramSocket extends DatagramSocket implements PodSockets.Receiver {
  private static final int QUEUE = 1024;

  private final PodSockets sockets;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final BlockingQueue<CarryFrame> arrived = new ArrayBlockingQueue<>(QUEUE);
  private int stream;
  private volatile boolean over;
  private volatile int timeoutMillis;

  private PodDatagramSocket(PodSockets sockets) throws SocketException {
    super((SocketAddress) null);
    this.sockets = sockets;
  }

  static PodDatagramSocket open(PodSockets sockets, int port) throws IOException {
    PodDatagramSocket socket = new PodDatagramSocket(sockets);
    socket.stream = sockets.register(socket);
    sockets.send(CarryFrame.of(socket.stream, CarryKind.BIND, Integer.toString(port)));
    try {
      sockets.await(socket.port);
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
    return socket;
  }

  @Override
  public void take(CarryFrame frame) {
    switch (frame.kind()) {
      case OPENED -> {
        String local = frame.text();
        port.complete(Integer.parseInt(local.substring(local.lastIndexOf(':') + 1)));
      }
      case FAILED -> {
        String message = CarriedStream.Failure.of(frame).message();
        // After the start: a datagram that could not be sent.
        if (!port.completeExceptionally(new BindException(message))) {
          arrived.offer(frame);
        }
      }
      case DATAGRAM -> arrived.offer(frame);
      default -> {
        // Of no meaning for datagrams.
      }
    }
  }

  @Override
  public void lost(String reason) {
    port.completeExceptionally(new SocketException(reason));
    close();
  }

  @Override
  public void send(DatagramPacket packet) throws IOException {
    if (over) {
      throw new SocketException("Socket closed");
    }
    if (!(packet.getSocketAddress() instanceof InetSocketAddress to)) {
      throw new IllegalArgumentException("a datagram needs an address");
    }
    String host = to.isUnresolved() ? to.getHostString() : to.getAddress().getHostAddress();
    Octets payload =
        Octets.copyOf(ByteBuffer.wrap(packet.getData()), packet.getOffset(), packet.getLength());
    sockets.send(new CarriedDatagram(host, to.getPort(), payload).frame(stream));
  }

  @Override
  public void receive(DatagramPacket packet) throws IOException {
    CarryFrame frame;
    try {
      int millis = timeoutMillis;
      frame = millis == 0 ? arrived.take() : arrived.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
    if (frame == null) {
      throw new SocketTimeoutException("Receive timed out");
    }
    if (frame.kind() == CarryKind.CLOSE) {
      // Others that wait are to learn it too.
      arrived.offer(frame);
      throw new SocketException("Socket closed");
    }
    if (frame.kind() == CarryKind.FAILED) {
      throw new SocketException(CarriedStream.Failure.of(frame).message());
    }
    CarriedDatagram datagram = CarriedDatagram.of(frame);
    byte[] bytes = datagram.payload().toBytes();
    int room = packet.getData().length - packet.getOffset();
    int length = Math.min(bytes.length, room);
    System.arraycopy(Arrays.copyOf(bytes, length), 0, packet.getData(), packet.getOffset(), length);
    packet.setLength(length);
    packet.setSocketAddress(
        new InetSocketAddress(InetAddress.getByName(datagram.host()), datagram.port()));
  }

  @Override
  public int getLocalPort() {
    return port.isDone() && !port.isCompletedExceptionally() ? port.join() : -1;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return over;
  }

  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public void close() {
    super.close();
    if (over) {
      return;
    }
    over = true;
    sockets.forget(stream);
    sockets.send(CarryFrame.of(stream, CarryKind.CLOSE));
    arrived.offer(CarryFrame.of(stream, CarryKind.CLOSE));
  }
}
