package io.podwire.packet.dns;

import java.util.Locale;
import java.util.Optional;

/** IANA numbers of DNS classes. */
public final class RecordClass {
  public static final int IN = 1;
  public static final int CH = 3;
  public static final int HS = 4;
  public static final int NONE = 254;
  public static final int ANY = 255;

  private RecordClass() {}

  /** The class's name, or {@code CLASS123} (RFC 3597, section 5). */
  public static String text(int dnsClass) {
    return switch (dnsClass) {
      case IN -> "IN";
      case CH -> "CH";
      case HS -> "HS";
      case NONE -> "NONE";
      case ANY -> "ANY";
      default -> "CLASS" + dnsClass;
    };
  }

  /** The number of a class's name, in any case. */
  public static Optional<Integer> tryParse(String text) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "IN" -> Optional.of(IN);
      case "CH" -> Optional.of(CH);
      case "HS" -> Optional.of(HS);
      case "NONE" -> Optional.of(NONE);
      case "ANY" -> Optional.of(ANY);
      default -> Optional.empty();
    };
  }
}
