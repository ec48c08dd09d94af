package io.podwire.packet.dns;

/** IANA numbers of DNS classes. */
public final class RecordClass {
  public static final int IN = 1;
  public static final int CH = 3;
  public static final int ANY = 255;

  private RecordClass() {}

  /** The class's name, or {@code CLASS123} (RFC 3597, section 5). */
  public static String text(int dnsClass) {
    return switch (dnsClass) {
      case IN -> "IN";
      case CH -> "CH";
      case ANY -> "ANY";
      default -> "CLASS" + dnsClass;
    };
  }
}
