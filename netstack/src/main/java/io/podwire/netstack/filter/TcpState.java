package io.podwire.netstack.filter;

import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;
import org.jspecify.annotations.Nullable;

/**
 * The state of a TCP connection as a device between the ends sees it (RFC 9293, section 3.3.2),
 * with the transitions and timeouts of Linux (nf_conntrack_proto_tcp, nf_conntrack_tcp_timeout_*).
 */
public enum TcpState {
  NONE(120),
  SYN_SENT(120),
  /** Both ends have sent a SYN; SYN_SENT2 in Linux. */
  SYN_SENT_BOTH(120),
  SYN_RECEIVED(60),
  ESTABLISHED(432_000),
  FIN_WAIT(120),
  CLOSE_WAIT(60),
  LAST_ACK(30),
  TIME_WAIT(120),
  CLOSE(10);

  private static final TcpState[] STATES = values();

  private final long timeoutMillis;

  TcpState(long timeoutSeconds) {
    this.timeoutMillis = timeoutSeconds * 1000;
  }

  static TcpState of(int ordinal) {
    return STATES[ordinal];
  }

  public long timeoutMillis() {
    return timeoutMillis;
  }

  /**
   * The state after a segment, or null where the segment is out of place and changes nothing, as
   * nf_conntrack ignores it or calls it invalid.
   */
  @Nullable TcpState after(TcpView segment, boolean reply) {
    if (segment.has(TcpFlags.RST)) {
      return this == NONE ? null : CLOSE;
    }
    if (segment.has(TcpFlags.SYN)) {
      return segment.has(TcpFlags.ACK) ? afterSynAck(reply) : afterSyn(reply);
    }
    return segment.has(TcpFlags.FIN) ? afterFin() : afterAck(reply);
  }

  private @Nullable TcpState afterSyn(boolean reply) {
    return switch (this) {
      // Both ends open at once (RFC 9293, section 3.5).
      case SYN_SENT -> reply ? SYN_SENT_BOTH : SYN_SENT;
      case SYN_SENT_BOTH -> SYN_SENT_BOTH;
      // A new connection may reuse the tuple of one that has ended.
      case NONE, TIME_WAIT, CLOSE -> reply ? null : SYN_SENT;
      default -> null;
    };
  }

  private @Nullable TcpState afterSynAck(boolean reply) {
    return this == SYN_SENT_BOTH || this == SYN_SENT && reply ? SYN_RECEIVED : null;
  }

  private @Nullable TcpState afterFin() {
    return switch (this) {
      case NONE, SYN_SENT, SYN_SENT_BOTH -> null;
      case SYN_RECEIVED, ESTABLISHED -> FIN_WAIT;
      case FIN_WAIT, CLOSE_WAIT, LAST_ACK -> LAST_ACK;
      case TIME_WAIT, CLOSE -> this;
    };
  }

  private @Nullable TcpState afterAck(boolean reply) {
    return switch (this) {
      // Picked up in the middle, as Linux does by default: the agent may have been restarted.
      case NONE -> reply ? null : ESTABLISHED;
      case SYN_SENT, SYN_SENT_BOTH -> null;
      case SYN_RECEIVED -> reply ? SYN_RECEIVED : ESTABLISHED;
      case ESTABLISHED, CLOSE -> this;
      case FIN_WAIT, CLOSE_WAIT -> CLOSE_WAIT;
      case LAST_ACK, TIME_WAIT -> TIME_WAIT;
    };
  }
}
