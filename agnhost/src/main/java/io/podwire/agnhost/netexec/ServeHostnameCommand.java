package io.podwire.agnhost.netexec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says its hostname to whoever asks, over HTTP unless told otherwise. */
@Command(
    name = "serve-hostname",
    mixinStandardHelpOptions = true,
    description = "Answers every request with the hostname.")
public final class ServeHostnameCommand implements Callable<Integer> {

  @Option(names = "--port", defaultValue = "9376", description = "Default: ${DEFAULT-VALUE}")
  int port = 9376;

  @Option(names = "--tcp", description = "Bare TCP instead of HTTP.")
  boolean tcp;

  @Option(names = "--udp", description = "UDP instead of HTTP.")
  boolean udp;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String hostname = Hostname.own();
    try {
      if (udp) {
        serveUdp(hostname);
      } else if (tcp) {
        serveTcp(hostname);
      } else {
        WebServer.start(port, request -> Answer.ok(hostname));
        new CountDownLatch(1).await();
      }
    } catch (BindException e) {
      System.err.println("cannot listen on port " + port + ": " + e.getMessage());
      return 1;
    }
    return 0;
  }

  private void serveTcp(String hostname) throws IOException {
    try (ServerSocket server = new ServerSocket(port)) {
      while (true) {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> greet(client, hostname));
      }
    }
  }

  private static void greet(Socket client, String hostname) {
    try (client) {
      client.getOutputStream().write((hostname + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      System.err.println("tcp: " + e.getMessage());
    }
  }

  private void serveUdp(String hostname) throws IOException {
    byte[] octets = (hostname + "\n").getBytes(UTF_8);
    try (DatagramSocket socket = new DatagramSocket(port)) {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
        socket.receive(packet);
        socket.send(new DatagramPacket(octets, octets.length, packet.getSocketAddress()));
      }
    }
  }
}
