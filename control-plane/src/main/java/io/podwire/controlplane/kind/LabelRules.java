package io.podwire.controlplane.kind;

import java.util.Map;

/** The syntax of labels, selectors and annotation keys. */
final class LabelRules {

  private LabelRules() {}

  /** Checks a map of labels, or a selector that is one. */
  static void check(Field labels, Problems problems) {
    for (Map.Entry<String, Field> label : labels.entries().entrySet()) {
      checkKey(label.getKey(), label.getValue(), problems);
      String value = label.getValue().text();
      if (value != null && !NameForm.LABEL_VALUE.matches(value)) {
        problems.invalid(
            label.getValue(),
            label.getValue().shown() + " is no label value; " + NameForm.LABEL_VALUE.rule());
      }
    }
  }

  /** Checks the keys alone, as of annotations. */
  static void checkKeys(Field map, Problems problems) {
    map.entries().forEach((key, field) -> checkKey(key, field, problems));
  }

  private static void checkKey(String key, Field field, Problems problems) {
    int slash = key.indexOf('/');
    boolean valid =
        slash < 0
            ? NameForm.LABEL_NAME.matches(key)
            : NameForm.DNS_SUBDOMAIN.matches(key.substring(0, slash))
                && NameForm.LABEL_NAME.matches(key.substring(slash + 1));
    if (!valid) {
      problems.invalid(
          field,
          "'"
              + key
              + "' is no valid key; write name or domain/name, the name with "
              + "letters, digits, and '-', '_' or '.' inside");
    }
  }
}
