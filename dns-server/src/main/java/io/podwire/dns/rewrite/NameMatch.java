package io.podwire.dns.rewrite;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a rule makes of names, as text in lower case with the final dot. Thread-safe. */
interface NameMatch {

  /** The other name; null where the rule is not for this one. */
  @Nullable String apply(String name);

  /** The whole name. */
  record Exact(String from, String to) implements NameMatch {
    @Override
    public @Nullable String apply(String name) {
      return name.equals(from) ? to : null;
    }
  }

  /** How it begins. */
  record Prefix(String from, String to) implements NameMatch {
    @Override
    public @Nullable String apply(String name) {
      return name.startsWith(from) ? to + name.substring(from.length()) : null;
    }
  }

  /** How it ends. */
  record Suffix(String from, String to) implements NameMatch {
    @Override
    public @Nullable String apply(String name) {
      return name.endsWith(from) ? name.substring(0, name.length() - from.length()) + to : null;
    }
  }

  /** What it has anywhere, each time. */
  record Substring(String from, String to) implements NameMatch {
    @Override
    public @Nullable String apply(String name) {
      return name.contains(from) ? name.replace(from, to) : null;
    }
  }

  /** A name and all that are below it. */
  record Domain(String from, String to) implements NameMatch {
    @Override
    public @Nullable String apply(String name) {
      boolean below =
          name.endsWith(from) && name.startsWith(".", name.length() - from.length() - 1);
      return name.equals(from) || below
          ? name.substring(0, name.length() - from.length()) + to
          : null;
    }
  }

  /** A regular expression; {@code {1}} stands for its first group. */
  record Regex(Pattern from, String to) implements NameMatch {
    @Override
    public @Nullable String apply(String name) {
      Matcher matcher = from.matcher(name);
      if (!matcher.find()) {
        return null;
      }
      String result = to;
      for (int i = 0; i <= matcher.groupCount(); i++) {
        String group = matcher.group(i);
        result = result.replace("{" + i + "}", group == null ? "" : group);
      }
      return result.toLowerCase(Locale.ROOT);
    }
  }
}
