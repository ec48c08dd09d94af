package io.podwire.packet.carry;

/** Why a socket could not be opened. */
public enum CarryFailure {
  /** The other end refused (RST, or ICMP port unreachable). */
  REFUSED,
  /** Nobody answered in time. */
  TIMEOUT,
  /** There is no way there. */
  UNREACHABLE,
  /** The name does not resolve. */
  NAME,
  /** The port is taken. */
  IN_USE,
  /** Anything else; the message says it. */
  OTHER
}
