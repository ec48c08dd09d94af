package io.podwire.packet.dns;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where old record types keep domain names that may arrive compressed (RFC 3597, section 4); held
 * as opaque data they have to be uncompressed, as pointers mean nothing in another message.
 *
 * <p>A layout is read from the left: a digit skips so many octets, {@code n} is a name, {@code s} a
 * character string, {@code *} the rest.
 */
final class NameLayout {
  private static final Map<Integer, String> LAYOUTS =
      Map.ofEntries(
          Map.entry(3, "n"), // MD
          Map.entry(4, "n"), // MF
          Map.entry(7, "n"), // MB
          Map.entry(8, "n"), // MG
          Map.entry(9, "n"), // MR
          Map.entry(14, "nn"), // MINFO
          Map.entry(17, "nn"), // RP
          Map.entry(18, "2n"), // AFSDB
          Map.entry(21, "2n"), // RT
          Map.entry(24, "99n*"), // SIG
          Map.entry(26, "2nn"), // PX
          Map.entry(30, "n*"), // NXT
          Map.entry(35, "4sssn"), // NAPTR
          Map.entry(36, "2n"), // KX
          Map.entry(39, "n")); // DNAME

  private NameLayout() {}

  static @Nullable String of(int type) {
    return LAYOUTS.get(type);
  }
}
