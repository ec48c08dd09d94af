package io.podwire.dns.server;

import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A listener on loopback with given handlers, and plain sockets as its clients. */
final class LoopbackServer implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5000;

  private final IoEventLoopGroup group;
  private final DnsListener listener;
  final Responder responder;
  final DnsCounters counters = new DnsCounters();

  LoopbackServer(IoTransport transport, ServerLimits limits, DnsHandler... handlers) {
    this(transport, 1, limits, handlers);
  }

  LoopbackServer(IoTransport transport, int loops, ServerLimits limits, DnsHandler... handlers) {
    group = transport.newGroup(loops);
    responder = new Responder(new HandlerChain(List.of(handlers)), counters, limits.udpPayload());
    listener =
        DnsListener.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            group,
            transport,
            responder,
            limits,
            counters);
  }

  /** The one event loop, where there is one. */
  EventExecutor loop() {
    return group.next();
  }

  InetSocketAddress address() {
    return listener.address();
  }

  byte[] udp(byte[] query) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.send(new DatagramPacket(query, query.length, address()));
      DatagramPacket answer = new DatagramPacket(new byte[65535], 65535);
      do {
        // The port may have been another socket's a moment ago, with answers still on their way.
        socket.receive(answer);
      } while (query.length >= 2 && !Arrays.equals(answer.getData(), 0, 2, query, 0, 2));
      return Arrays.copyOf(answer.getData(), answer.getLength());
    }
  }

  DnsMessage udp(DnsMessage query) throws IOException {
    return message(udp(octets(query)));
  }

  /** Sends without waiting for anything. */
  void udpOneWay(byte[] datagram) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(datagram, datagram.length, address()));
    }
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(address().getAddress(), address().getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  static void send(Socket socket, byte[] query) throws IOException {
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    ByteBuffer framed = ByteBuffer.allocate(2 + query.length);
    out.write(framed.putShort((short) query.length).put(query).array());
    out.flush();
  }

  static DnsMessage receive(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] answer = new byte[in.readUnsignedShort()];
    in.readFully(answer);
    return message(answer);
  }

  static byte[] octets(DnsMessage message) {
    ByteBuffer wire = DnsCodec.encode(message, DnsCodec.MAX_MESSAGE);
    byte[] octets = new byte[wire.remaining()];
    wire.get(octets);
    return octets;
  }

  static DnsMessage message(byte[] octets) {
    return switch (DnsCodec.decode(ByteBuffer.wrap(octets))) {
      case Decoded.Valid valid -> valid.message();
      case Decoded.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  @Override
  public void close() {
    listener.close();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
