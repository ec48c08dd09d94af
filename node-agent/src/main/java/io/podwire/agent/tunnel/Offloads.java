package io.podwire.agent.tunnel;

import io.podwire.linux.Tap;
import io.podwire.linux.UdpSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the node leaves to the kernel, and the kernel to the node: unsegmented frames from and to
 * TAPs, and many datagrams in one system call. What a kernel lacks is said once; the node then does
 * without.
 *
 * <p>Not thread-safe; set before the loop runs, and by the thread that attaches Pods.
 */
public final class Offloads {

  private static final Logger LOG = LoggerFactory.getLogger(Offloads.class);

  private static final int CHECKSUM_AND_TCP =
      Tap.OFFLOAD_CHECKSUM | Tap.OFFLOAD_TSO4 | Tap.OFFLOAD_TSO6;

  /** The kernel wants both families or none. */
  private static final int WITH_UDP = CHECKSUM_AND_TCP | Tap.OFFLOAD_USO4 | Tap.OFFLOAD_USO6;

  private final boolean wanted;
  private boolean saidTcp;
  private boolean saidUdp;
  private boolean saidSegments;
  private boolean saidCoalescing;

  private Offloads(boolean wanted) {
    this.wanted = wanted;
  }

  /** Whatever the kernel has. */
  public static Offloads available() {
    return new Offloads(true);
  }

  /** None: every frame is a packet with all its checksums, and goes by a call of its own. */
  public static Offloads none() {
    return new Offloads(false);
  }

  /** Lets the kernel hand over unsegmented frames. */
  void enable(Tap tap) {
    if (!wanted) {
      tap.setOffload(0);
    } else if (!tap.trySetOffload(WITH_UDP)) {
      saidUdp = say(saidUdp, "UDP segmentation offload on TAPs (Linux 6.2)");
      if (!tap.trySetOffload(CHECKSUM_AND_TCP)) {
        saidTcp = say(saidTcp, "TCP segmentation offload on TAPs");
        tap.setOffload(0);
      }
    }
  }

  /** Whether the socket can send many datagrams at once. */
  boolean canSendSegments(UdpSocket socket) {
    if (!wanted) {
      return false;
    }
    boolean can = socket.canSendSegments();
    if (!can) {
      saidSegments = say(saidSegments, "UDP_SEGMENT (Linux 4.18)");
    }
    return can;
  }

  /** Lets many datagrams arrive at once. */
  void coalesce(UdpSocket socket) {
    if (wanted && !socket.setReceiveCoalescing(true)) {
      saidCoalescing = say(saidCoalescing, "UDP_GRO (Linux 5.0)");
    }
  }

  private static boolean say(boolean said, String what) {
    if (!said) {
      LOG.info("this kernel has no {}: the node works without, more slowly", what);
    }
    return true;
  }
}
