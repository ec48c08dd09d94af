package io.podwire.controlplane.api;

import java.util.Locale;

/** What happens to unknown fields (the query parameter {@code fieldValidation}). */
enum FieldValidation {
  STRICT,
  WARN,
  IGNORE;

  static FieldValidation of(String parameter) {
    return switch (parameter.toLowerCase(Locale.ROOT)) {
      case "", "strict" -> STRICT;
      case "warn" -> WARN;
      case "ignore" -> IGNORE;
      default ->
          throw ApiException.badRequest(
              "fieldValidation: '" + parameter + "' is not known; write Strict, Warn or Ignore");
    };
  }
}
