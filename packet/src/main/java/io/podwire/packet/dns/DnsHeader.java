package io.podwire.packet.dns;

/**
 * The identification and the flags of a message (RFC 1035, section 4.1.1), kept bit by bit.
 *
 * @param id 16 bits
 * @param flags the second 16 bits of the header
 */
public record DnsHeader(int id, int flags) {

  /** Octets of the header with its four counts. */
  public static final int LENGTH = 12;

  private static final int RESPONSE = 0x8000;
  private static final int OPCODE_SHIFT = 11;
  private static final int OPCODE_MASK = 0x7800;
  private static final int AUTHORITATIVE = 0x0400;
  private static final int TRUNCATED = 0x0200;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int RECURSION_AVAILABLE = 0x0080;
  private static final int AUTHENTIC_DATA = 0x0020;
  private static final int CHECKING_DISABLED = 0x0010;
  private static final int RCODE_MASK = 0x000f;

  public DnsHeader {
    if (id < 0 || id > 0xffff || flags < 0 || flags > 0xffff) {
      throw new IllegalArgumentException("id and flags have 16 bits, got " + id + ", " + flags);
    }
  }

  /** A standard query that desires recursion. */
  public static DnsHeader query(int id) {
    return new DnsHeader(id, RECURSION_DESIRED);
  }

  /** The header of a response: the query's id, opcode, RD and CD. */
  public DnsHeader reply() {
    return new DnsHeader(
        id, RESPONSE | flags & (OPCODE_MASK | RECURSION_DESIRED | CHECKING_DISABLED));
  }

  public boolean isResponse() {
    return (flags & RESPONSE) != 0;
  }

  public int opcode() {
    return (flags & OPCODE_MASK) >> OPCODE_SHIFT;
  }

  public boolean isAuthoritative() {
    return (flags & AUTHORITATIVE) != 0;
  }

  public boolean isTruncated() {
    return (flags & TRUNCATED) != 0;
  }

  public boolean isRecursionDesired() {
    return (flags & RECURSION_DESIRED) != 0;
  }

  public boolean isRecursionAvailable() {
    return (flags & RECURSION_AVAILABLE) != 0;
  }

  public boolean isAuthenticData() {
    return (flags & AUTHENTIC_DATA) != 0;
  }

  public boolean isCheckingDisabled() {
    return (flags & CHECKING_DISABLED) != 0;
  }

  /** The lower four bits of the {@link Rcode}. */
  public int rcode() {
    return flags & RCODE_MASK;
  }

  public DnsHeader withId(int other) {
    return new DnsHeader(other, flags);
  }

  public DnsHeader withAuthoritative(boolean on) {
    return with(AUTHORITATIVE, on);
  }

  public DnsHeader withTruncated(boolean on) {
    return with(TRUNCATED, on);
  }

  public DnsHeader withRecursionDesired(boolean on) {
    return with(RECURSION_DESIRED, on);
  }

  public DnsHeader withRecursionAvailable(boolean on) {
    return with(RECURSION_AVAILABLE, on);
  }

  public DnsHeader withAuthenticData(boolean on) {
    return with(AUTHENTIC_DATA, on);
  }

  /** With the lower four bits of an {@link Rcode}. */
  public DnsHeader withRcode(int rcode) {
    return new DnsHeader(id, flags & ~RCODE_MASK | rcode & RCODE_MASK);
  }

  private DnsHeader with(int flag, boolean on) {
    return new DnsHeader(id, on ? flags | flag : flags & ~flag);
  }
}
