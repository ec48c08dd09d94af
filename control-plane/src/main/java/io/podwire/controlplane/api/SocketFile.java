package io.podwire.controlplane.api;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a unix domain socket. */
final class SocketFile {

  /** {@code sun_path} of unix(7) less its terminating zero. */
  private static final int MAX_PATH = 107;

  private SocketFile() {}

  /** Makes room: removes what a dead process left, refuses what a living one uses. */
  static void prepare(Path socket) {
    int length = socket.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_PATH) {
      throw new BindException(
          "the socket's path "
              + socket
              + " has "
              + length
              + " bytes; choose a folder so that it has "
              + MAX_PATH
              + " at most");
    }
    if (!Files.exists(socket)) {
      return;
    }
    if (isServed(socket)) {
      throw new BindException(
          "another process serves on " + socket + "; stop it or choose another --api-socket");
    }
    try {
      Files.delete(socket);
    } catch (IOException e) {
      throw new BindException(socket + " (left by an earlier process)", e);
    }
  }

  /** Whoever may connect may do everything: the owner alone. */
  static void restrict(Path socket) {
    try {
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new BindException(socket.toString(), e);
    }
  }

  private static boolean isServed(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException nobodyListens) {
      return false;
    }
  }
}
