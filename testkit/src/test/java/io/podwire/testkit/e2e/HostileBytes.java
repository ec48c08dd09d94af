package io.podwire.testkit.e2e;

import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Random;

/** Sends what no honest peer sends: random bytes and the beginnings of good messages. */
final class HostileBytes {

  private static final int ATTEMPTS = 5;

  private final Random random;
  private final NetworkNamespace from;

  /**
   * A sender.
   *
   * @param seed makes a failure repeatable
   * @param from the sockets' network namespace
   */
  HostileBytes(long seed, NetworkNamespace from) {
    this.random = new Random(seed);
    this.from = from;
  }

  /** Random datagrams of all sizes, then every beginning of a good one, then random tails on it. */
  void datagrams(InetSocketAddress target, byte[] good, int count) throws IOException {
    try (DatagramSocket socket = from.call(() -> new DatagramSocket())) {
      for (int i = 0; i < count; i++) {
        send(socket, target, bytes(random.nextInt(1400)));
      }
      for (int length = 0; length < good.length; length++) {
        send(socket, target, begun(good, length, 0));
      }
      for (int i = 0; i < count; i++) {
        send(socket, target, begun(good, random.nextInt(good.length), random.nextInt(100)));
      }
    }
  }

  /** Connections that send a length and not what it promises. */
  void streams(InetSocketAddress target, byte[] good, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      try (Socket socket = from.call(() -> connect(target))) {
        int promised = random.nextInt(0x1_0000);
        socket.getOutputStream().write(new byte[] {(byte) (promised >> 8), (byte) promised});
        socket.getOutputStream().write(begun(good, random.nextInt(good.length), 0));
      }
    }
  }

  /** Asks a DNS server, as often as a resolver would, for the response code of its answer. */
  static int rcode(NetworkNamespace from, InetSocketAddress server, byte[] question)
      throws IOException {
    try (DatagramSocket socket = from.call(() -> new DatagramSocket())) {
      socket.setSoTimeout(1_000);
      DatagramPacket answer = new DatagramPacket(new byte[512], 512);
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        send(socket, server, question);
        try {
          socket.receive(answer);
          return answer.getData()[3] & 0xf;
        } catch (SocketTimeoutException lost) {
          // Asked again.
        }
      }
      throw new AssertionError("no answer to a question of " + question.length + " bytes");
    }
  }

  private static Socket connect(InetSocketAddress target) throws IOException {
    Socket socket = new Socket();
    socket.connect(target, 5_000);
    return socket;
  }

  private byte[] begun(byte[] good, int length, int tail) {
    byte[] message = bytes(length + tail);
    System.arraycopy(good, 0, message, 0, length);
    return message;
  }

  private byte[] bytes(int length) {
    byte[] content = new byte[length];
    random.nextBytes(content);
    return content;
  }

  private static void send(DatagramSocket socket, InetSocketAddress target, byte[] content)
      throws IOException {
    socket.send(new DatagramPacket(content, content.length, target));
  }
}
