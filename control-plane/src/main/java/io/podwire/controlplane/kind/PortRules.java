package io.podwire.controlplane.kind;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What holds for port numbers, port names and protocols wherever they stand. */
final class PortRules {

  static final int MAX_PORT = 65535;

  private static final List<String> PROTOCOLS = List.of("TCP", "UDP", "SCTP");

  private PortRules() {}

  /** A number from 1 to 65535 that has to be there. */
  static void checkRequired(Field field, Problems problems) {
    if (!field.isPresent()) {
      problems.required(field, "write a number from 1 to " + MAX_PORT);
    }
    check(field, problems);
  }

  /** A number from 1 to 65535 where it is there. */
  static void check(Field field, Problems problems) {
    Integer port = field.number();
    if (port != null && !isPort(port)) {
      problems.invalid(field, field.shown() + " is no port; write a number from 1 to " + MAX_PORT);
    }
  }

  static boolean isPort(int number) {
    return number >= 1 && number <= MAX_PORT;
  }

  /** A number, or the name of a container's port. */
  static void checkReference(Field field, Problems problems) {
    check(field, problems);
    NameForm.PORT_NAME.check(field, problems);
  }

  static void checkProtocol(Field field, Problems problems) {
    oneOf(field, PROTOCOLS, problems);
  }

  /** One of these words where it is there. */
  static void oneOf(Field field, List<String> words, Problems problems) {
    String text = field.text();
    if (text != null && !words.contains(text)) {
      problems.add(
          Problem.Reason.NOT_SUPPORTED,
          field,
          field.shown()
              + " is not supported; write "
              + String.join(", ", words.subList(0, words.size() - 1))
              + " or "
              + words.getLast());
    }
  }

  /** Reports an element of a list whose key another one before it has. */
  static void unique(Field element, String key, Map<String, Field> seen, Problems problems) {
    Field first = seen.putIfAbsent(key, element);
    if (first != null) {
      problems.duplicate(
          element, key + " is there twice, in " + first.path() + " too; keep one of them");
    }
  }

  /** Reports elements whose field has the same text. */
  static void uniqueText(List<Field> elements, String field, Problems problems) {
    Map<String, Field> seen = new HashMap<>();
    for (Field element : elements) {
      Field value = element.at(field);
      if (value.isGiven() && value.text() != null) {
        unique(value, value.shown(), seen, problems);
      }
    }
  }
}
