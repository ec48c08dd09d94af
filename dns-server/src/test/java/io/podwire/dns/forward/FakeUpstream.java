package io.podwire.dns.forward;

import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A resolver on loopback that misbehaves as told; sends each message that the script returns. */
final class FakeUpstream implements AutoCloseable {
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final InetSocketAddress address;
  final List<DnsMessage> asked = new CopyOnWriteArrayList<>();
  final List<InetSocketAddress> clients = new CopyOnWriteArrayList<>();

  FakeUpstream(
      Function<DnsMessage, List<DnsMessage>> udpScript,
      Function<DnsMessage, List<DnsMessage>> tcpScript) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try {
      DatagramSocket datagrams = new DatagramSocket(0, loopback);
      Optional<ServerSocket> streams = listen(loopback, datagrams.getLocalPort());
      // A port that is free for one protocol may be somebody's for the other.
      while (streams.isEmpty()) {
        datagrams.close();
        datagrams = new DatagramSocket(0, loopback);
        streams = listen(loopback, datagrams.getLocalPort());
      }
      udp = datagrams;
      tcp = streams.get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    address = new InetSocketAddress(loopback, udp.getLocalPort());
    Thread.ofVirtual().start(() -> serveUdp(udpScript));
    Thread.ofVirtual().start(() -> serveTcp(tcpScript));
  }

  private static Optional<ServerSocket> listen(InetAddress address, int port) throws IOException {
    try {
      return Optional.of(new ServerSocket(port, 10, address));
    } catch (BindException taken) {
      return Optional.empty();
    }
  }

  InetSocketAddress address() {
    return address;
  }

  private void serveUdp(Function<DnsMessage, List<DnsMessage>> script) {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        udp.receive(packet);
        DnsMessage query = read(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
        asked.add(query);
        clients.add((InetSocketAddress) packet.getSocketAddress());
        for (DnsMessage answer : script.apply(query)) {
          byte[] octets = octets(answer);
          udp.send(new DatagramPacket(octets, octets.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serveTcp(Function<DnsMessage, List<DnsMessage>> script) {
    while (!tcp.isClosed()) {
      try (Socket socket = tcp.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] query = in.readNBytes(in.readUnsignedShort());
        for (DnsMessage answer : script.apply(read(ByteBuffer.wrap(query)))) {
          byte[] octets = octets(answer);
          ByteBuffer framed = ByteBuffer.allocate(2 + octets.length);
          socket
              .getOutputStream()
              .write(framed.putShort((short) octets.length).put(octets).array());
        }
      } catch (IOException closed) {
        // By the client, or because the test is over.
      }
    }
  }

  private static DnsMessage read(ByteBuffer octets) {
    return ((Decoded.Valid) DnsCodec.decode(octets)).message();
  }

  private static byte[] octets(DnsMessage message) {
    ByteBuffer wire = DnsCodec.encode(message, DnsCodec.MAX_MESSAGE);
    byte[] octets = new byte[wire.remaining()];
    wire.get(octets);
    return octets;
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
