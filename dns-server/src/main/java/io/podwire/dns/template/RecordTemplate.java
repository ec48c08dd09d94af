package io.podwire.dns.template;

import io.podwire.dns.handler.Query;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.RecordClass;
import io.podwire.packet.dns.RecordType;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A record with places such as {@code {{ .Name }}} in it: Go's templates as far as single values
 * and {@code parseInt} go. Immutable and thread-safe.
 */
record RecordTemplate(String pattern) {
  private static final Pattern PLACE = Pattern.compile("\\{\\{-?\\s*(.*?)\\s*-?}}");
  private static final Pattern VALUE =
      Pattern.compile(
          "\\.(Zone|Name|Class|Type|Remote)|\\.Group\\.(\\w+)|\\(?index \\.Match (\\d{1,4})\\)?"
              + "|\\(?index \\.Group \"(\\w+)\"\\)?");

  /** {@code parseInt VALUE BASE BITS}: what Go's {@code strconv.ParseUint} makes of it. */
  private static final Pattern NUMBER = Pattern.compile("parseInt (.+) (\\d{1,2}) (\\d{1,2})");

  /**
   * What places stand for in an answer.
   *
   * @param dnsClass asked for, or the template's where that was any
   * @param type likewise
   */
  record Values(Query query, DnsName zone, String name, int dnsClass, int type, Matcher matcher) {}

  /** What is in a place that stands for nothing; empty where all is well. */
  static Optional<String> unknown(String pattern) {
    Matcher places = PLACE.matcher(pattern);
    while (places.find()) {
      Matcher number = NUMBER.matcher(places.group(1));
      boolean base =
          !number.matches()
              || Integer.parseInt(number.group(2)) >= 2
                  && Integer.parseInt(number.group(2)) <= 36
                  && Integer.parseInt(number.group(3)) <= 64;
      String value = number.matches() ? number.group(1) : places.group(1);
      if (!base || !VALUE.matcher(value).matches()) {
        return Optional.of(places.group(1));
      }
    }
    return Optional.empty();
  }

  /** The record; empty where what is in a place is no number, though it has to be one. */
  Optional<String> text(Values values) {
    Matcher places = PLACE.matcher(pattern);
    StringBuilder text = new StringBuilder();
    while (places.find()) {
      Matcher number = NUMBER.matcher(places.group(1));
      Optional<String> content =
          number.matches()
              ? parsed(
                  value(number.group(1), values),
                  Integer.parseInt(number.group(2)),
                  Integer.parseInt(number.group(3)))
              : Optional.of(value(places.group(1), values));
      if (content.isEmpty()) {
        return Optional.empty();
      }
      places.appendReplacement(text, Matcher.quoteReplacement(content.get()));
    }
    return Optional.of(places.appendTail(text).toString());
  }

  private static Optional<String> parsed(String digits, int base, int bits) {
    try {
      BigInteger number = new BigInteger(digits, base);
      // Zero bits are 64 in Go.
      boolean fits = number.signum() >= 0 && number.bitLength() <= (bits == 0 ? 64 : bits);
      return fits && !digits.startsWith("+") ? Optional.of(number.toString()) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String value(String place, Values values) {
    Matcher known = VALUE.matcher(place);
    if (!known.matches()) {
      return "";
    }
    if (known.group(3) != null) {
      int index = Integer.parseInt(known.group(3));
      return index <= values.matcher().groupCount() ? orEmpty(values.matcher().group(index)) : "";
    }
    String group = known.group(2) != null ? known.group(2) : known.group(4);
    if (group != null) {
      return group(values.matcher(), group);
    }
    return switch (known.group(1)) {
      case "Zone" -> values.zone().toString();
      case "Name" -> values.name();
      case "Class" -> RecordClass.text(values.dnsClass());
      case "Type" -> RecordType.text(values.type());
      default -> values.query().client().getAddress().getHostAddress();
    };
  }

  private static String group(Matcher matcher, String name) {
    try {
      return name.matches("\\d+")
          ? orEmpty(matcher.group(Integer.parseInt(name)))
          : orEmpty(matcher.group(name));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return "";
    }
  }

  private static String orEmpty(@Nullable String group) {
    return group == null ? "" : group;
  }
}
