package io.podwire.packet.carry;

import java.util.Optional;

/** What a {@link CarryFrame} means; the code is its octet on the wire. */
public enum CarryKind {
  /** To the Pod: connect by TCP to the text {@code HOST PORT TIMEOUT_MILLIS} (0: the kernel's). */
  CONNECT(1),
  /** To the Pod: listen for TCP connections on the port in the text, on all addresses. */
  LISTEN(2),
  /** To the Pod: a UDP socket on the port in the text, 0 for any. */
  BIND(3),
  /** To the Pod: what the name in the text resolves to there. */
  RESOLVE(4),

  /** From the Pod: it is open; the text is {@code LOCAL REMOTE}, addresses with ports, or LOCAL. */
  OPENED(10),
  /** From the Pod: it is not; the text is a {@link CarryFailure} and a message. */
  FAILED(11),
  /** From the Pod, on a listener: a connection; the text is {@code STREAM LOCAL REMOTE}. */
  ACCEPTED(12),
  /** From the Pod: the addresses of the name, by blanks. */
  RESOLVED(13),

  /** Octets of a TCP stream. */
  DATA(20),
  /** So many octets of DATA have been taken: the text is their number. */
  CREDIT(21),
  /** The sender's FIN. */
  END(22),
  /** A TCP stream that is reset, by either end. */
  RESET(23),
  /** A UDP datagram: the text {@code ADDRESS PORT}, a zero octet, and the payload. */
  DATAGRAM(24),
  /** To the Pod: close a listener or a UDP socket. */
  CLOSE(25);

  private final int code;

  CarryKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Optional<CarryKind> of(int code) {
    for (CarryKind kind : values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
