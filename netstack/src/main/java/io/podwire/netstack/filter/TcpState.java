package io.podwire.netstack.filter;

import io.podwire.packet.TcpFlags;
import io.podwire.packet.TcpView;

/**
 * The state of a TCP connection as a device between the ends sees it (RFC 9293, section 3.3.2), with
 * the timeouts of Linux (nf_conntrack_tcp_timeout_*).
 */
public enum TcpState {
  NONE(120),
  SYN_SENT(120),
  SYN_RECEIVED(60),
  ESTABLISHED(432_000),
  FIN_WAIT(120),
  CLOSE_WAIT(60),
  LAST_ACK(30),
  TIME_WAIT(120),
  CLOSE(10);

  private final long timeoutMillis;

  TcpState(long timeoutSeconds) {
    this.timeoutMillis = timeoutSeconds * 1000;
  }

  public long timeoutMillis() {
    return timeoutMillis;
  }

  /** The state after a segment. */
  TcpState after(TcpView segment, boolean reply) {
    if (segment.has(TcpFlags.RST)) {
      return CLOSE;
    }
    if (segment.has(TcpFlags.SYN)) {
      return segment.has(TcpFlags.ACK) ? afterSynAck(reply) : afterSyn(reply);
    }
    return segment.has(TcpFlags.FIN) ? afterFin(reply) : afterAck(reply);
  }

  private TcpState afterSyn(boolean reply) {
    return switch (this) {
      // A new connection may reuse the tuple of one that has ended.
      case NONE, TIME_WAIT, CLOSE, LAST_ACK -> SYN_SENT;
      // Both ends open at once (RFC 9293, section 3.5).
      case SYN_SENT -> reply ? SYN_RECEIVED : SYN_SENT;
      default -> this;
    };
  }

  private TcpState afterSynAck(boolean reply) {
    return reply && (this == SYN_SENT || this == SYN_RECEIVED || this == NONE) ? SYN_RECEIVED : this;
  }

  private TcpState afterFin(boolean reply) {
    return switch (this) {
      case NONE, SYN_SENT, SYN_RECEIVED, ESTABLISHED -> reply ? CLOSE_WAIT : FIN_WAIT;
      case FIN_WAIT -> reply ? LAST_ACK : FIN_WAIT;
      case CLOSE_WAIT -> reply ? CLOSE_WAIT : LAST_ACK;
      default -> this;
    };
  }

  private TcpState afterAck(boolean reply) {
    return switch (this) {
      // Picked up in the middle, as Linux does by default: the agent may have been restarted.
      case NONE -> ESTABLISHED;
      case SYN_RECEIVED -> reply ? SYN_RECEIVED : ESTABLISHED;
      case LAST_ACK -> TIME_WAIT;
      default -> this;
    };
  }
}
