package io.podwire.dns.server;

import java.time.Duration;

/**
 * Bounds on what clients can make the server hold.
 *
 * @param udpPayload the largest UDP response in octets, whatever a client says that it takes
 * @param connections open TCP connections; one more is closed at once
 * @param pipelined unanswered queries of one TCP connection; at the bound it is not read from
 * @param idle after which a TCP connection without traffic is closed
 * @param readyOctets of the answers that each event loop keeps ready
 */
public record ServerLimits(
    int udpPayload, int connections, int pipelined, Duration idle, int readyOctets) {

  /** Enough for tens of thousands of names. */
  private static final int READY_OCTETS = 8 << 20;

  /** 1232 octets fit into any path's MTU (DNS flag day 2020); 10 s is CoreDNS's idle time. */
  public static final ServerLimits DEFAULT =
      new ServerLimits(1232, 1000, 100, Duration.ofSeconds(10), READY_OCTETS);
}
