package io.podwire.agnhost.netexec;

import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who this is, and how a peer is written. */
final class Hostname {
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private Hostname() {}

  /** The kernel's hostname in this UTS namespace; no name service is asked. */
  static String own() throws IOException {
    return Files.readString(KERNEL).strip();
  }

  /** {@code 10.244.1.3:40000} or {@code [fd00::3]:40000}. */
  static String of(InetSocketAddress peer) {
    IpAddress host = IpAddress.of(peer.getAddress().getAddress());
    return (host.isIpv4() ? host.toString() : "[" + host + "]") + ":" + peer.getPort();
  }
}
