package io.podwire.dns.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A label selector as {@code labels} takes it: requirements that all have to hold.
 *
 * <p>Immutable and thread-safe.
 */
record LabelFilter(List<Requirement> requirements) {

  /** Lets everything through. */
  static final LabelFilter ALL = new LabelFilter(List.of());

  private static final String KEY = "[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?";
  private static final String VALUE = "(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?";
  private static final Pattern VALID_VALUE = Pattern.compile(VALUE);
  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "\\s*(?:(?<set>KEY)\\s+(?<in>in|notin)\\s*\\((?<values>[^()]+)\\)".replace("KEY", KEY)
              + "|(?<key>KEY)\\s*(?<operator>==|!=|=)\\s*(?<value>VALUE)"
                  .replace("KEY", KEY)
                  .replace("VALUE", VALUE)
              + "|(?<not>!?)\\s*(?<exists>KEY))\\s*(?<end>,|$)".replace("KEY", KEY));

  LabelFilter {
    requirements = List.copyOf(requirements);
  }

  /**
   * One requirement.
   *
   * @param values the label has one of them; any at all where there is none
   * @param wanted false turns it into its opposite
   */
  record Requirement(String key, Set<String> values, boolean wanted) {
    boolean holds(Map<String, String> labels) {
      @Nullable String value = labels.get(key);
      // As in Kubernetes, what lacks the label is unequal to every value.
      return (value != null && (values.isEmpty() || values.contains(value))) == wanted;
    }
  }

  /** Reads {@code app=web,tier in (a, b),!legacy}; empty where it cannot be read. */
  static Optional<LabelFilter> parse(String text) {
    List<Requirement> requirements = new ArrayList<>();
    Matcher matcher = REQUIREMENT.matcher(text);
    int position = 0;
    boolean more = true;
    while (more) {
      matcher.region(position, text.length());
      if (!matcher.lookingAt()) {
        return Optional.empty();
      }
      @Nullable Requirement requirement = requirement(matcher);
      if (requirement == null) {
        return Optional.empty();
      }
      requirements.add(requirement);
      position = matcher.end();
      more = matcher.group("end").equals(",");
    }
    return Optional.of(new LabelFilter(requirements));
  }

  private static @Nullable Requirement requirement(Matcher matcher) {
    String set = matcher.group("set");
    if (set != null) {
      Set<String> values =
          Stream.of(matcher.group("values").split(",", -1))
              .map(String::strip)
              .collect(Collectors.toSet());
      return values.stream().allMatch(each -> VALID_VALUE.matcher(each).matches())
          ? new Requirement(set, values, matcher.group("in").equals("in"))
          : null;
    }
    String key = matcher.group("key");
    return key != null
        ? new Requirement(
            key, Set.of(matcher.group("value")), !matcher.group("operator").equals("!="))
        : new Requirement(matcher.group("exists"), Set.of(), matcher.group("not").isEmpty());
  }

  boolean isAll() {
    return requirements.isEmpty();
  }

  boolean matches(Map<String, String> labels) {
    for (Requirement each : requirements) {
      if (!each.holds(labels)) {
        return false;
      }
    }
    return true;
  }
}
