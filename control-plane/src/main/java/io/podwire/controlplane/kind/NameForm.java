package io.podwire.controlplane.kind;

import java.util.regex.Pattern;

/** The forms that names of objects, ports and labels take. */
public enum NameForm {
  /** RFC 1123, section 2.1: one label. */
  DNS_LABEL(63, "[a-z0-9]([-a-z0-9]*[a-z0-9])?", "lower-case letters, digits and '-' inside"),
  /** RFC 1035, section 2.3.1: one label that begins with a letter. */
  DNS_1035_LABEL(
      63,
      "[a-z]([-a-z0-9]*[a-z0-9])?",
      "lower-case letters, digits and '-' inside, a letter first"),
  /** RFC 1123: labels joined by dots. */
  DNS_SUBDOMAIN(
      253,
      "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
      "lower-case letters, digits, and '-' or '.' inside"),
  /** RFC 6335, section 5.1: the name of a port. */
  PORT_NAME(
      15,
      "(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*",
      "lower-case letters, at least one, digits, and single '-' inside"),
  /** The name part of a label or annotation key. */
  LABEL_NAME(
      63,
      "[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?",
      "letters, digits, and '-', '_' or '.' inside"),
  /** A label's value; may be empty. */
  LABEL_VALUE(
      63,
      "([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?",
      "letters, digits, and '-', '_' or '.' inside");

  private final int maxLength;
  private final Pattern pattern;
  private final String alphabet;

  NameForm(int maxLength, String pattern, String alphabet) {
    this.maxLength = maxLength;
    this.pattern = Pattern.compile(pattern);
    this.alphabet = alphabet;
  }

  public boolean matches(String name) {
    return name.length() <= maxLength && pattern.matcher(name).matches();
  }

  /** What to write instead. */
  public String rule() {
    return "write at most " + maxLength + " characters: " + alphabet;
  }

  /** Reports the field unless it is absent or has this form. */
  void check(Field field, Problems problems) {
    String text = field.text();
    if (text != null && !matches(text)) {
      problems.invalid(field, field.shown() + " is no valid name; " + rule());
    }
  }
}
