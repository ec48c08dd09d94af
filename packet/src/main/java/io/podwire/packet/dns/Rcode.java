package io.podwire.packet.dns;

/** Response codes (RFC 1035, section 4.1.1); those above 15 need EDNS (RFC 6891, section 6.1.3). */
public final class Rcode {
  public static final int NOERROR = 0;
  public static final int FORMERR = 1;
  public static final int SERVFAIL = 2;
  public static final int NXDOMAIN = 3;
  public static final int NOTIMP = 4;
  public static final int REFUSED = 5;
  public static final int BADVERS = 16;

  private Rcode() {}

  public static String text(int rcode) {
    return switch (rcode) {
      case NOERROR -> "NOERROR";
      case FORMERR -> "FORMERR";
      case SERVFAIL -> "SERVFAIL";
      case NXDOMAIN -> "NXDOMAIN";
      case NOTIMP -> "NOTIMP";
      case REFUSED -> "REFUSED";
      case BADVERS -> "BADVERS";
      default -> "RCODE" + rcode;
    };
  }
}
