package io.podwire.agnhost.netexec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Answers {@code hostname}, {@code echo MESSAGE} and {@code clientip} over UDP. */
final class UdpServer implements AutoCloseable {
  private static final int LARGEST = 65507;

  private final DatagramSocket socket;
  private final String hostname;

  private UdpServer(DatagramSocket socket, String hostname) {
    this.socket = socket;
    this.hostname = hostname;
  }

  static UdpServer start(int port, String hostname) throws IOException {
    UdpServer server = new UdpServer(new DatagramSocket(port), hostname);
    Thread.ofVirtual().name("udp").start(server::serve);
    return server;
  }

  int port() {
    return socket.getLocalPort();
  }

  boolean isServing() {
    return !socket.isClosed();
  }

  private void serve() {
    byte[] buffer = new byte[LARGEST];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        String request = new String(packet.getData(), 0, packet.getLength(), UTF_8).strip();
        InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
        Optional<String> answer = answer(request, client);
        if (answer.isPresent()) {
          byte[] octets = answer.get().getBytes(UTF_8);
          socket.send(new DatagramPacket(octets, octets.length, client));
        }
      } catch (IOException e) {
        // One answer that cannot be sent must not end the server.
        if (!socket.isClosed()) {
          System.err.println("udp: " + e.getMessage());
        }
      }
    }
  }

  private Optional<String> answer(String request, InetSocketAddress client) {
    if (request.equalsIgnoreCase("hostname")) {
      return Optional.of(hostname);
    }
    if (request.equals("clientip")) {
      return Optional.of(Hostname.of(client));
    }
    if (request.startsWith("echo ")) {
      return Optional.of(request.substring("echo ".length()));
    }
    System.err.println("udp: unknown command from " + Hostname.of(client) + ": " + request);
    return Optional.empty();
  }

  @Override
  public void close() {
    socket.close();
  }
}
