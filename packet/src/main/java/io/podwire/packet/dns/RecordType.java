package io.podwire.packet.dns;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** IANA numbers of resource record types, with their names. */
public final class RecordType {
  public static final int A = 1;
  public static final int NS = 2;
  public static final int CNAME = 5;
  public static final int SOA = 6;
  public static final int PTR = 12;
  public static final int HINFO = 13;
  public static final int MX = 15;
  public static final int TXT = 16;
  public static final int AAAA = 28;
  public static final int SRV = 33;
  public static final int OPT = 41;
  public static final int DS = 43;
  public static final int IXFR = 251;
  public static final int AXFR = 252;
  public static final int ANY = 255;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(A, "A"),
          Map.entry(NS, "NS"),
          Map.entry(CNAME, "CNAME"),
          Map.entry(SOA, "SOA"),
          Map.entry(PTR, "PTR"),
          Map.entry(HINFO, "HINFO"),
          Map.entry(MX, "MX"),
          Map.entry(TXT, "TXT"),
          Map.entry(AAAA, "AAAA"),
          Map.entry(SRV, "SRV"),
          Map.entry(35, "NAPTR"),
          Map.entry(39, "DNAME"),
          Map.entry(OPT, "OPT"),
          Map.entry(DS, "DS"),
          Map.entry(46, "RRSIG"),
          Map.entry(47, "NSEC"),
          Map.entry(48, "DNSKEY"),
          Map.entry(64, "SVCB"),
          Map.entry(65, "HTTPS"),
          Map.entry(IXFR, "IXFR"),
          Map.entry(AXFR, "AXFR"),
          Map.entry(ANY, "ANY"),
          Map.entry(257, "CAA"));

  private static final Map<String, Integer> NUMBERS = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static {
    NAMES.forEach((number, name) -> NUMBERS.put(name, number));
  }

  private RecordType() {}

  /** The type's name, or {@code TYPE123} (RFC 3597, section 5). */
  public static String text(int type) {
    return NAMES.getOrDefault(type, "TYPE" + type);
  }

  /** The number of a name or of {@code TYPE123}, in any case. */
  public static Optional<Integer> tryParse(String text) {
    Integer known = NUMBERS.get(text);
    if (known != null) {
      return Optional.of(known);
    }
    if (!text.regionMatches(true, 0, "TYPE", 0, 4) || !text.substring(4).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int number = Integer.parseInt(text.substring(4));
    return number <= 0xffff ? Optional.of(number) : Optional.empty();
  }
}
