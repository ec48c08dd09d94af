package io.podwire.agnhost.netexec;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the small JSON answers (RFC 8259) without the weight of a library in each Pod. */
final class JsonText {
  private JsonText() {}

  /** An object whose values are strings or lists of strings. */
  static String object(Map<String, ?> members) {
    return members.entrySet().stream()
        .map(member -> string(member.getKey()) + ":" + value(member.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String value(Object value) {
    return value instanceof List<?> list
        ? list.stream()
            .map(each -> string(each.toString()))
            .collect(Collectors.joining(",", "[", "]"))
        : string(value.toString());
  }

  private static String string(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ' || Character.isSurrogate(c)) {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
