package io.podwire.dns.template;

import io.podwire.dns.handler.Query;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.RecordType;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A record with places such as {@code {{ .Name }}} in it: Go's templates as far as single values
 * go. Immutable and thread-safe.
 */
record RecordTemplate(String pattern) {
  private static final Pattern PLACE = Pattern.compile("\\{\\{-?\\s*(.*?)\\s*-?}}");
  private static final Pattern KNOWN =
      Pattern.compile(
          "\\.(Zone|Name|Class|Type|Remote)|\\.Group\\.(\\w+)|index \\.Match (\\d+)"
              + "|index \\.Group \"(\\w+)\"");

  /** What places stand for in an answer. */
  record Values(Query query, DnsName zone, String name, Matcher matcher) {}

  /** What is in a place that stands for nothing; empty where all is well. */
  static Optional<String> unknown(String pattern) {
    Matcher places = PLACE.matcher(pattern);
    while (places.find()) {
      if (!KNOWN.matcher(places.group(1)).matches()) {
        return Optional.of(places.group(1));
      }
    }
    return Optional.empty();
  }

  String text(Values values) {
    Matcher places = PLACE.matcher(pattern);
    StringBuilder text = new StringBuilder();
    while (places.find()) {
      places.appendReplacement(text, Matcher.quoteReplacement(value(places.group(1), values)));
    }
    return places.appendTail(text).toString();
  }

  private static String value(String place, Values values) {
    Matcher known = KNOWN.matcher(place);
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
      case "Class" -> "IN";
      case "Type" -> RecordType.text(values.query().type());
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
