package io.podwire.agnhost.carry;

import io.podwire.packet.Octets;
import io.podwire.packet.carry.CarriedDatagram;
import io.podwire.packet.carry.CarryFailure;
import io.podwire.packet.carry.CarryFrame;
import io.podwire.packet.carry.CarryKind;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A UDP socket; a queue that is full loses datagrams, as a socket's buffer does. */
final class CarriedDatagrams implements Carrier.Carried {
  private static final int QUEUE = 1024;
  private static final int LARGEST = 65_535;

  private final int stream;
  private final DatagramSocket socket;
  private final Carrier carrier;
  private final BlockingQueue<CarryFrame> toSend = new ArrayBlockingQueue<>(QUEUE);

  CarriedDatagrams(int stream, DatagramSocket socket, Carrier carrier) {
    this.stream = stream;
    this.socket = socket;
    this.carrier = carrier;
  }

  void start() {
    Thread.startVirtualThread(this::send);
    Thread.startVirtualThread(this::receive);
  }

  private void receive() {
    DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
    while (!socket.isClosed()) {
      try {
        packet.setLength(LARGEST);
        socket.receive(packet);
        Octets payload =
            Octets.copyOf(
                ByteBuffer.wrap(packet.getData()), packet.getOffset(), packet.getLength());
        carrier.send(
            new CarriedDatagram(packet.getAddress().getHostAddress(), packet.getPort(), payload)
                .frame(stream));
      } catch (IOException refusedOrClosed) {
        // An ICMP error that a datagram has met ends nothing; a closed socket ends the loop.
      }
    }
  }

  private void send() {
    try {
      for (CarryFrame frame = toSend.take(); !socket.isClosed(); frame = toSend.take()) {
        try {
          CarriedDatagram datagram = CarriedDatagram.of(frame);
          byte[] bytes = datagram.payload().toBytes();
          InetAddress address = InetAddress.getByName(datagram.host());
          socket.send(
              new DatagramPacket(
                  bytes, bytes.length, new InetSocketAddress(address, datagram.port())));
        } catch (UnknownHostException unknown) {
          fail(CarryFailure.NAME, unknown);
        } catch (IOException | IllegalArgumentException failure) {
          fail(CarryFailure.OTHER, failure);
        }
      }
    } catch (InterruptedException aborted) {
      Thread.currentThread().interrupt();
    }
  }

  private void fail(CarryFailure cause, Exception failure) {
    if (!socket.isClosed()) {
      carrier.send(CarryFrame.of(stream, CarryKind.FAILED, cause + " " + failure.getMessage()));
    }
  }

  @Override
  public void take(CarryFrame frame) {
    switch (frame.kind()) {
      case DATAGRAM -> toSend.offer(frame);
      case CLOSE -> abort();
      default -> {
        // Of no meaning for datagrams.
      }
    }
  }

  @Override
  public void abort() {
    carrier.ended(stream);
    socket.close();
    // Wakes the sender, which finds the socket closed; where the queue is full it is awake.
    toSend.offer(CarryFrame.of(stream, CarryKind.CLOSE));
  }
}
