package io.podwire.agent.pod;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' variable expansion: {@code $(NAME)} becomes the variable's value, {@code $$(NAME)} is
 * an escaped {@code $(NAME)}, and a reference to an unknown variable stays as it is.
 */
final class Variables {

  private Variables() {}

  /**
   * Expands references among the variables themselves; one that refers to itself stays as it is.
   */
  static Map<String, String> expandAll(Map<String, String> variables) {
    Map<String, String> expanded = new HashMap<>();
    variables.forEach(
        (name, value) -> expanded.put(name, expand(value, variables, new HashSet<>(Set.of(name)))));
    return expanded;
  }

  /** Expands references in a text to variables that are expanded already. */
  static String expand(String text, Map<String, String> variables) {
    return scan(text, name -> variables.get(name));
  }

  private static String expand(String text, Map<String, String> variables, Set<String> open) {
    return scan(
        text,
        name -> {
          String value = variables.get(name);
          if (value == null || !open.add(name)) {
            return null;
          }
          String expanded = expand(value, variables, open);
          open.remove(name);
          return expanded;
        });
  }

  /** What a name stands for. */
  private interface Lookup {
    @Nullable String value(String name);
  }

  private static String scan(String text, Lookup lookup) {
    StringBuilder result = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '$' && text.startsWith("$$", at)) {
        result.append('$');
        at += 2;
        continue;
      }
      int end = c == '$' && text.startsWith("$(", at) ? text.indexOf(')', at) : -1;
      if (end < 0) {
        result.append(c);
        at++;
        continue;
      }
      String value = lookup.value(text.substring(at + 2, end));
      result.append(value == null ? text.substring(at, end + 1) : value);
      at = end + 1;
    }
    return result.toString();
  }
}
