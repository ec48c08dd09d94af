package io.podwire.agent.tunnel;

import io.podwire.linux.NetworkNamespace;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A TCP and UDP server in a namespace that answers with the address it sees the client at. */
final class EchoServer implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 5000;

  private final ServerSocket tcp;
  private final DatagramSocket udp;

  EchoServer(NetworkNamespace namespace, int port) throws IOException {
    tcp = namespace.call(() -> new ServerSocket(port, 50, InetAddress.getByName("0.0.0.0")));
    udp = namespace.call(() -> new DatagramSocket(port, InetAddress.getByName("0.0.0.0")));
    Thread.ofPlatform().daemon().name("echo-tcp").start(this::serveTcp);
    Thread.ofPlatform().daemon().name("echo-udp").start(this::serveUdp);
  }

  private void serveTcp() {
    try {
      while (true) {
        try (Socket client = tcp.accept()) {
          client.getOutputStream().write(bytes(client.getInetAddress()));
        }
      }
    } catch (SocketException closed) {
      // The test is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serveUdp() {
    try {
      while (true) {
        DatagramPacket request = new DatagramPacket(new byte[9000], 9000);
        udp.receive(request);
        byte[] answer = bytes(request.getAddress());
        udp.send(new DatagramPacket(answer, answer.length, request.getSocketAddress()));
      }
    } catch (SocketException closed) {
      // The test is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(InetAddress address) {
    return address.getHostAddress().getBytes(StandardCharsets.US_ASCII);
  }

  /** Connects from a namespace and returns what the server says. */
  static String askTcp(NetworkNamespace from, IpAddress to, int port) throws IOException {
    return from.call(() -> {
      try (Socket socket = new Socket()) {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(to.toString(), port), TIMEOUT_MILLIS);
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      }
    });
  }

  /** Sends a datagram of this size from a namespace and returns what the server says. */
  static String askUdp(NetworkNamespace from, IpAddress to, int port, int size) throws IOException {
    return from.call(() -> {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(to.toString(), port));
        socket.send(new DatagramPacket(new byte[size], size));
        DatagramPacket answer = new DatagramPacket(new byte[64], 64);
        socket.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
      }
    });
  }

  @Override
  public void close() throws IOException {
    tcp.close();
    udp.close();
  }
}
