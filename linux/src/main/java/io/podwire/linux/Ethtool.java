package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Settings of a link that netlink does not have (ethtool(8)), in the calling thread's namespace.
 */
public final class Ethtool {

  private static final long SIOCETHTOOL = 0x8946;
  private static final int SET_TRANSMIT_CHECKSUM = 0x17;
  private static final int IFREQ_LENGTH = 40;
  private static final int IFREQ_POINTER_OFFSET = 16;
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;

  private Ethtool() {}

  /**
   * Whether the kernel may leave checksums to the link. Virtual links never compute them: a program
   * that takes packets out of a tunnel over such a link, as a VTEP in user space does, sees inner
   * checksums that nobody has completed.
   */
  public static void setTransmitChecksum(String link, boolean offloaded) {
    try (Arena arena = Arena.ofConfined();
        Descriptor socket =
            new Descriptor((int) SystemCall.SOCKET.call("ethtool", AF_INET, SOCK_DGRAM, 0))) {
      MemorySegment value = arena.allocateFrom(JAVA_INT, SET_TRANSMIT_CHECKSUM, offloaded ? 1 : 0);
      MemorySegment request = arena.allocate(IFREQ_LENGTH, Long.BYTES);
      request.setString(0, link);
      request.set(JAVA_LONG, IFREQ_POINTER_OFFSET, value.address());
      SystemCall.IOCTL.call(
          "ethtool transmit checksum of " + link, socket.number(), SIOCETHTOOL, request.address());
    }
  }
}
