package io.podwire.packet;

/** ICMPv6's types and codes (RFC 4443) and those of neighbor discovery (RFC 4861). */
public final class Icmpv6Type {
  public static final int UNREACHABLE = 1;
  public static final int PACKET_TOO_BIG = 2;
  public static final int TIME_EXCEEDED = 3;
  public static final int PARAMETER_PROBLEM = 4;
  public static final int ECHO_REQUEST = 128;
  public static final int ECHO_REPLY = 129;
  public static final int ROUTER_SOLICITATION = 133;
  public static final int ROUTER_ADVERTISEMENT = 134;
  public static final int NEIGHBOR_SOLICITATION = 135;
  public static final int NEIGHBOR_ADVERTISEMENT = 136;
  public static final int REDIRECT = 137;

  /** Codes of {@link #UNREACHABLE}. */
  public static final int NO_ROUTE = 0;

  public static final int ADMINISTRATIVELY_PROHIBITED = 1;
  public static final int ADDRESS_UNREACHABLE = 3;
  public static final int PORT_UNREACHABLE = 4;

  private Icmpv6Type() {}

  /** Whether messages of this type quote the packet that caused them. */
  public static boolean isError(int type) {
    return type < ECHO_REQUEST;
  }
}
