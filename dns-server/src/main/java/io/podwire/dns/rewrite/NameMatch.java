package io.podwire.dns.rewrite;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a rule makes of names, as text in lower case with the final dot. Thread-safe. */
interface NameMatch {

  /** The other name; null where the rule is not for this one. */
  @Nullable String apply(String name);

  /** The way back for names in answers; null where that cannot be told. */
  @Nullable NameMatch back();

  /** The whole name. */
  record Exact(String from, String to) implements NameMatch {
    @Override
    public @Nullable String apply(String name) {
      return name.equals(from) ? to : null;
    }

    @Override
    public NameMatch back() {
      return new Exact(to, from);
    }
  }

  /** How it begins. */
  record Prefix(String from, String to) implements NameMatch {
    @Override
    public @Nullable String apply(String name) {
      return name.startsWith(from) ? to + name.substring(from.length()) : null;
    }

    @Override
    public NameMatch back() {
      return new Prefix(to, from);
    }
  }

  /** How it ends. */
  record Suffix(String from, String to) implements NameMatch {
    @Override
    public @Nullable String apply(String name) {
      return name.endsWith(from) ? name.substring(0, name.length() - from.length()) + to : null;
    }

    @Override
    public NameMatch back() {
      return new Suffix(to, from);
    }
  }

  /** What it has anywhere, each time. */
  record Substring(String from, String to) implements NameMatch {
    @Override
    public @Nullable String apply(String name) {
      return name.contains(from) ? name.replace(from, to) : null;
    }

    @Override
    public @Nullable NameMatch back() {
      return null;
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

    @Override
    public @Nullable NameMatch back() {
      return null;
    }
  }
}
