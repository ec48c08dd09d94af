package io.podwire.packet;

/** The flag bits of a TCP header (RFC 9293, section 3.1; RFC 9768 for AE). */
public final class TcpFlags {
  public static final int FIN = 0x001;
  public static final int SYN = 0x002;
  public static final int RST = 0x004;
  public static final int PSH = 0x008;
  public static final int ACK = 0x010;
  public static final int URG = 0x020;
  public static final int ECE = 0x040;
  public static final int CWR = 0x080;
  public static final int AE = 0x100;

  static final int ALL = 0x1ff;

  private static final int DECIDING = FIN | SYN | RST | ACK | URG;

  /** One bit for each combination of the deciding flags that a sender may use. */
  private static final long VALID =
      (1L << SYN)
          | (1L << (SYN | URG))
          | (1L << (SYN | ACK))
          | (1L << RST)
          | (1L << (RST | ACK))
          | (1L << (FIN | ACK))
          | (1L << (FIN | ACK | URG))
          | (1L << ACK)
          | (1L << (ACK | URG));

  private TcpFlags() {}

  /** Whether the combination is one that Linux' connection tracking accepts. */
  public static boolean isValid(int flags) {
    return ((VALID >>> (flags & DECIDING)) & 1) != 0;
  }

  /** The names of the set flags, such as {@code SYN,ACK}. */
  public static String toString(int flags) {
    String[] names = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"};
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < names.length; bit++) {
      if (((flags >>> bit) & 1) != 0) {
        text.append(text.length() > 0 ? "," : "").append(names[bit]);
      }
    }
    return text.toString();
  }
}
