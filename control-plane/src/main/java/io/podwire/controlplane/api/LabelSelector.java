package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.kind.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A label selector: equality, sets and existence (Kubernetes' label selector syntax). */
final class LabelSelector {

  private static final Pattern REQUIREMENT =
      Pattern.compile(
          "\\s*(?:(?<set>[^\\s,!=()]+)\\s+(?<in>in|notin)\\s*\\((?<values>[^()]*)\\)"
              + "|(?<key>[^\\s,!=()]+)\\s*(?<operator>==|!=|=)\\s*(?<value>[^\\s,!=()]*)"
              + "|(?<not>!?)\\s*(?<exists>[^\\s,!=()]+))\\s*(?:,|$)");

  private final List<Predicate<Map<String, String>>> requirements;

  private LabelSelector(List<Predicate<Map<String, String>>> requirements) {
    this.requirements = requirements;
  }

  /** Parses {@code app=web,tier in (a,b),!legacy}; an empty text matches everything. */
  static LabelSelector parse(String text) {
    List<Predicate<Map<String, String>>> requirements = new ArrayList<>();
    Matcher matcher = REQUIREMENT.matcher(text);
    int position = 0;
    while (position < text.strip().length()) {
      if (!matcher.find(position) || matcher.start() != position) {
        throw ApiException.badRequest(
            "labelSelector: '"
                + text
                + "' cannot be read from '"
                + text.substring(position)
                + "' on; write key=value, key!=value, key in (a,b), key or !key, joined by commas");
      }
      requirements.add(requirement(matcher));
      position = matcher.end();
    }
    return new LabelSelector(requirements);
  }

  /** All of these labels, as a Service's selector. */
  static LabelSelector ofMap(Field selector) {
    List<Predicate<Map<String, String>>> requirements = new ArrayList<>();
    selector.entries().forEach((key, value) -> requirements.add(equal(key, value.textOr(""))));
    return new LabelSelector(requirements);
  }

  boolean matches(ObjectNode manifest) {
    Map<String, String> labels =
        Field.root(manifest).at("metadata", "labels").entries().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().textOr("")));
    return requirements.stream().allMatch(requirement -> requirement.test(labels));
  }

  private static Predicate<Map<String, String>> requirement(Matcher matcher) {
    String set = matcher.group("set");
    if (set != null) {
      Set<String> values =
          Stream.of(matcher.group("values").split(",", -1))
              .map(String::strip)
              .collect(Collectors.toSet());
      Predicate<Map<String, String>> in =
          labels -> labels.containsKey(set) && values.contains(labels.get(set));
      return matcher.group("in").equals("in") ? in : in.negate();
    }
    @Nullable String key = matcher.group("key");
    if (key != null) {
      Predicate<Map<String, String>> equal = equal(key, matcher.group("value"));
      // As in Kubernetes, an object without the label is unequal too.
      return matcher.group("operator").equals("!=") ? equal.negate() : equal;
    }
    String exists = matcher.group("exists");
    boolean wanted = matcher.group("not").isEmpty();
    return labels -> labels.containsKey(exists) == wanted;
  }

  private static Predicate<Map<String, String>> equal(String key, String value) {
    return labels -> value.equals(labels.get(key));
  }
}
