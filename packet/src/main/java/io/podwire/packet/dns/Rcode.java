package io.podwire.packet.dns;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Response codes (RFC 1035, section 4.1.1); those above 15 need EDNS (RFC 6891, section 6.1.3). */
public final class Rcode {
  public static final int NOERROR = 0;
  public static final int FORMERR = 1;
  public static final int SERVFAIL = 2;
  public static final int NXDOMAIN = 3;
  public static final int NOTIMP = 4;
  public static final int REFUSED = 5;
  public static final int BADVERS = 16;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(NOERROR, "NOERROR"),
          Map.entry(FORMERR, "FORMERR"),
          Map.entry(SERVFAIL, "SERVFAIL"),
          Map.entry(NXDOMAIN, "NXDOMAIN"),
          Map.entry(NOTIMP, "NOTIMP"),
          Map.entry(REFUSED, "REFUSED"),
          Map.entry(6, "YXDOMAIN"),
          Map.entry(7, "YXRRSET"),
          Map.entry(8, "NXRRSET"),
          Map.entry(9, "NOTAUTH"),
          Map.entry(10, "NOTZONE"),
          Map.entry(BADVERS, "BADVERS"),
          Map.entry(17, "BADKEY"),
          Map.entry(18, "BADTIME"),
          Map.entry(19, "BADMODE"),
          Map.entry(20, "BADNAME"),
          Map.entry(21, "BADALG"),
          Map.entry(22, "BADTRUNC"),
          Map.entry(23, "BADCOOKIE"));

  private static final Map<String, Integer> NUMBERS = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static {
    NAMES.forEach((number, name) -> NUMBERS.put(name, number));
  }

  private Rcode() {}

  public static String text(int rcode) {
    String name = NAMES.get(rcode);
    return name == null ? "RCODE" + rcode : name;
  }

  /** The number of a name, in any case. */
  public static Optional<Integer> tryParse(String text) {
    return Optional.ofNullable(NUMBERS.get(text));
  }
}
