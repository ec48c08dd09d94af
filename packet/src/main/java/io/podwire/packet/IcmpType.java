package io.podwire.packet;

/** ICMP's types and codes for IPv4 (RFC 792, RFC 1122, RFC 1812). */
public final class IcmpType {
  public static final int ECHO_REPLY = 0;
  public static final int UNREACHABLE = 3;
  public static final int SOURCE_QUENCH = 4;
  public static final int REDIRECT = 5;
  public static final int ECHO_REQUEST = 8;
  public static final int TIME_EXCEEDED = 11;
  public static final int PARAMETER_PROBLEM = 12;

  /** Codes of {@link #UNREACHABLE}. */
  public static final int NET_UNREACHABLE = 0;

  public static final int HOST_UNREACHABLE = 1;
  public static final int PROTOCOL_UNREACHABLE = 2;
  public static final int PORT_UNREACHABLE = 3;
  public static final int FRAGMENTATION_NEEDED = 4;
  public static final int ADMINISTRATIVELY_PROHIBITED = 13;

  /** Codes of {@link #TIME_EXCEEDED}. */
  public static final int IN_TRANSIT = 0;

  public static final int REASSEMBLY = 1;

  private IcmpType() {}

  /** Whether messages of this type quote the packet that caused them. */
  public static boolean isError(int type) {
    return switch (type) {
      case UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM -> true;
      default -> false;
    };
  }
}
