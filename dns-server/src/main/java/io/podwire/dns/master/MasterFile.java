package io.podwire.dns.master;

import io.podwire.packet.Octets;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordClass;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads master files (RFC 1035, section 5; RFC 2308, section 4): one record after the other, names
 * relative to an origin. Good for a single use.
 */
public final class MasterFile {
  private static final long DEFAULT_TTL = 3600;
  private static final Set<String> CLASSES = Set.of("IN", "CH", "HS");

  private final List<String> problems;
  private final List<ResourceRecord> records = new ArrayList<>();
  private DnsName origin;
  private @Nullable DnsName owner;
  private long ttl = DEFAULT_TTL;

  private MasterFile(DnsName origin, List<String> problems) {
    this.origin = origin;
    this.problems = problems;
  }

  /** All records of a text; what is wrong adds to the problems, with its line. */
  public static List<ResourceRecord> read(String text, DnsName origin, List<String> problems) {
    MasterFile file = new MasterFile(origin, problems);
    for (MasterLine line : MasterLine.of(text, problems)) {
      try {
        file.take(line);
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        problems.add(
            "line " + line.number() + ": " + String.join(" ", line.words()) + ": " + reason(e));
      }
    }
    return List.copyOf(file.records);
  }

  private static String reason(RuntimeException e) {
    return e instanceof IndexOutOfBoundsException ? "too short" : String.valueOf(e.getMessage());
  }

  private void take(MasterLine line) {
    List<String> words = line.words();
    switch (words.get(0)) {
      case "$ORIGIN" -> origin = name(words.get(1));
      case "$TTL" -> ttl = seconds(words.get(1));
      case "$INCLUDE", "$GENERATE" ->
          throw new IllegalArgumentException(words.get(0) + " is not built");
      default -> record(line);
    }
  }

  private void record(MasterLine line) {
    List<String> words = line.words();
    int at = 0;
    if (!line.indented()) {
      owner = name(words.get(at++));
    }
    DnsName name = owner;
    if (name == null) {
      throw new IllegalArgumentException("the first record has no owner");
    }
    long time = ttl;
    int dnsClass = RecordClass.IN;
    while (true) {
      String word = words.get(at).toUpperCase(Locale.ROOT);
      if (word.matches("[0-9][0-9SMHDW]*") && !RecordType.tryParse(word).isPresent()) {
        time = seconds(word);
      } else if (CLASSES.contains(word)) {
        dnsClass = RecordClass.tryParse(word).orElseThrow();
      } else {
        break;
      }
      at++;
    }
    String typeName = words.get(at++);
    int type =
        RecordType.tryParse(typeName)
            .orElseThrow(() -> new IllegalArgumentException("unknown type '" + typeName + "'"));
    List<String> data = words.subList(at, words.size());
    records.add(new ResourceRecord(name, dnsClass, time, rdata(type, data)));
  }

  private Rdata rdata(int type, List<String> data) {
    if (!data.isEmpty() && data.get(0).equals("\\#")) {
      Octets octets = Octets.ofHex(String.join("", data.subList(2, data.size())));
      if (octets.length() != Integer.parseInt(data.get(1))) {
        throw new IllegalArgumentException("the data has not the length that it says");
      }
      return new Rdata.Unknown(type, octets);
    }
    return switch (type) {
      case RecordType.A -> new Rdata.A(IpAddress.parse(data.get(0)));
      case RecordType.AAAA -> new Rdata.Aaaa(IpAddress.parse(data.get(0)));
      case RecordType.NS -> new Rdata.Ns(name(data.get(0)));
      case RecordType.CNAME -> new Rdata.Cname(name(data.get(0)));
      case RecordType.PTR -> new Rdata.Ptr(name(data.get(0)));
      case RecordType.MX -> new Rdata.Mx(u16(data.get(0)), name(data.get(1)));
      case RecordType.SRV ->
          new Rdata.Srv(u16(data.get(0)), u16(data.get(1)), u16(data.get(2)), name(data.get(3)));
      case RecordType.TXT -> new Rdata.Txt(data);
      case RecordType.HINFO -> new Rdata.Hinfo(data.get(0), data.get(1));
      case RecordType.SOA ->
          new Rdata.Soa(
              name(data.get(0)),
              name(data.get(1)),
              u32(data.get(2)),
              seconds(data.get(3)),
              seconds(data.get(4)),
              seconds(data.get(5)),
              seconds(data.get(6)));
      default ->
          throw new IllegalArgumentException(
              RecordType.text(type) + " has to be written as \\# LENGTH HEX (RFC 3597)");
    };
  }

  private DnsName name(String text) {
    if (text.equals("@")) {
      return origin;
    }
    boolean absolute = text.endsWith(".") && !text.endsWith("\\.");
    String whole = absolute ? text : origin.isRoot() ? text + "." : text + "." + origin;
    Optional<DnsName> name = DnsName.tryParse(whole);
    return name.orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no name"));
  }

  private static int u16(String text) {
    int value = Integer.parseInt(text);
    if (value < 0 || value > 0xffff) {
      throw new IllegalArgumentException("'" + text + "' is above 65535");
    }
    return value;
  }

  private static long u32(String text) {
    long value = Long.parseLong(text);
    if (value < 0 || value > 0xffff_ffffL) {
      throw new IllegalArgumentException("'" + text + "' has more than 32 bits");
    }
    return value;
  }

  /** {@code 3600}, or with units as in {@code 1h30m}. */
  private static long seconds(String text) {
    if (text.matches("[0-9]+")) {
      return u32(text);
    }
    if (!text.toLowerCase(Locale.ROOT).matches("([0-9]+[smhdw])+")) {
      throw new IllegalArgumentException("'" + text + "' is no time");
    }
    long sum = 0;
    long number = 0;
    for (char c : text.toLowerCase(Locale.ROOT).toCharArray()) {
      if (Character.isDigit(c)) {
        number = Math.min(number * 10 + c - '0', 0xffff_ffffL);
        continue;
      }
      sum +=
          number
              * switch (c) {
                case 'w' -> 604800;
                case 'd' -> 86400;
                case 'h' -> 3600;
                case 'm' -> 60;
                default -> 1;
              };
      number = 0;
    }
    return u32(Long.toString(sum));
  }
}
