package io.podwire.agent.tunnel;

import io.podwire.linux.NetworkNamespace;
import io.podwire.packet.addr.IpAddress;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/** Sends octets over TCP from one namespace to another and compares what has arrived. */
final class ByteStream {

  private static final int CHUNK = 1 << 20;
  private static final int PATIENCE_SECONDS = 180;

  /** What one side has seen. */
  record Sum(long octets, long crc) {}

  private ByteStream() {}

  /** Sends so many mebibytes; returns what was sent and what has arrived. */
  static Sum[] send(NetworkNamespace from, NetworkNamespace to, IpAddress server, int mebibytes)
      throws Exception {
    InetAddress address = InetAddress.getByName(server.toString());
    try (ServerSocket listener = to.call(() -> new ServerSocket(0, 1, address))) {
      CompletableFuture<Sum> arrived = new CompletableFuture<>();
      Thread.ofPlatform()
          .daemon()
          .name("stream-receiver")
          .start(() -> {
            try (Socket socket = listener.accept()) {
              arrived.complete(receive(socket.getInputStream()));
            } catch (Exception e) {
              arrived.completeExceptionally(e);
            }
          });
      Sum sent;
      try (Socket socket = from.call(() -> new Socket(address, listener.getLocalPort()))) {
        sent = transmit(socket.getOutputStream(), mebibytes);
      }
      return new Sum[] {sent, arrived.get(PATIENCE_SECONDS, TimeUnit.SECONDS)};
    }
  }

  private static Sum transmit(OutputStream out, int mebibytes) throws Exception {
    CRC32C crc = new CRC32C();
    byte[] chunk = new byte[CHUNK];
    SplittableRandom random = new SplittableRandom(mebibytes);
    for (int i = 0; i < mebibytes; i++) {
      random.nextBytes(chunk);
      crc.update(chunk);
      out.write(chunk);
    }
    return new Sum((long) mebibytes * CHUNK, crc.getValue());
  }

  private static Sum receive(InputStream in) throws Exception {
    CRC32C crc = new CRC32C();
    byte[] chunk = new byte[CHUNK];
    long octets = 0;
    for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
      crc.update(chunk, 0, read);
      octets += read;
    }
    return new Sum(octets, crc.getValue());
  }
}
