package io.podwire.dns.rewrite;

import io.podwire.dns.plugin.Words;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordClass;
import io.podwire.packet.dns.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads one use of {@code rewrite}; good for a single use. */
final class RuleReader {
  private static final Set<String> MATCHES =
      Set.of("exact", "prefix", "suffix", "substring", "regex");

  /** CoreDNS's bound for what operators may write. */
  private static final int LONGEST_PATTERN = 10_000;

  private static final Pattern GROUP = Pattern.compile("\\{(\\d+)}");

  private final Words words;

  RuleReader(Words words) {
    this.words = words;
  }

  /** Null where the problems were added to. */
  @Nullable Rule read() {
    boolean goesOn = false;
    if (words.peek().equalsIgnoreCase("continue") || words.peek().equalsIgnoreCase("stop")) {
      goesOn = words.text("a mode").equalsIgnoreCase("continue");
    }
    String field =
        words.oneOf("field to rewrite", "name", "type", "class", "edns0", "ttl", "rcode", "cname");
    Rule rule =
        switch (field) {
          case "type" -> {
            int from = type();
            yield new OtherRules.TypeRule(from, type(), goesOn);
          }
          case "class" -> {
            int from = dnsClass();
            yield new OtherRules.ClassRule(from, dnsClass(), goesOn);
          }
          case "ttl" -> ttl(goesOn);
          case "rcode" -> rcode(goesOn);
          case "cname" -> cname(goesOn);
          case "edns0" -> new EdnsReader(words, goesOn).read();
          default -> name(goesOn);
        };
    words.end();
    return rule;
  }

  private int type() {
    String text = words.text("a type");
    return RecordType.tryParse(text)
        .orElseGet(() -> {
          words.problem("'" + text + "' is no type of record");
          return 0;
        });
  }

  private int dnsClass() {
    String text = words.text("a class");
    return RecordClass.tryParse(text)
        .orElseGet(() -> {
          words.problem("'" + text + "' is no class; known: IN, CH, HS, NONE, ANY");
          return 0;
        });
  }

  private @Nullable Rule ttl(boolean goesOn) {
    NameMatch match = match(kind(), false);
    String text = words.text("a ttl");
    if (match == null || !text.matches("[0-9]{1,9}|[0-9]{0,9}-[0-9]{0,9}") || text.equals("-")) {
      words.problem("'" + text + "' is no ttl; write 60, 30-60, 30- or -60");
      return null;
    }
    int dash = text.indexOf('-');
    String first = dash < 0 ? text : text.substring(0, dash);
    String last = dash < 0 ? text : text.substring(dash + 1);
    long least = first.isEmpty() ? 0 : Long.parseLong(first);
    long most = last.isEmpty() ? Integer.MAX_VALUE : Long.parseLong(last);
    if (least > most) {
      words.problem("'" + text + "' is no ttl: " + least + " is more than " + most);
      return null;
    }
    return new OtherRules.TtlRule(match, least, most, goesOn);
  }

  private @Nullable Rule rcode(boolean goesOn) {
    NameMatch match = match(kind(), false);
    int from = code();
    int to = code();
    return match == null ? null : new OtherRules.RcodeRule(match, from, to, goesOn);
  }

  private int code() {
    String text = words.text("an rcode");
    Optional<Integer> code =
        text.matches("[0-9]|1[0-9]|2[0-3]")
            ? Optional.of(Integer.valueOf(text))
            : Rcode.tryParse(text);
    if (code.isEmpty()) {
      words.problem("'" + text + "' is no rcode; write one such as NXDOMAIN, or a number up to 23");
    }
    return code.orElse(Rcode.NOERROR);
  }

  private @Nullable Rule cname(boolean goesOn) {
    String kind = kind();
    // Unlike those of questions these names are taken as they are written, but for whole ones.
    NameMatch match =
        kind.equals("exact") || kind.equals("regex")
            ? match(kind, true)
            : plain(kind, lower("what to look for"), lower("what to put in its place"));
    return match == null ? null : new OtherRules.CnameRule(match, goesOn);
  }

  private String lower(String what) {
    return words.text(what).toLowerCase(Locale.ROOT);
  }

  private @Nullable Rule name(boolean goesOn) {
    String kind = kind();
    NameMatch match = match(kind, true);
    boolean automatic = false;
    List<NameMatch> names = new ArrayList<>();
    List<NameMatch> values = new ArrayList<>();
    if (words.hasNext()) {
      words.oneOf("option of a name", "answer");
    }
    boolean more = words.hasNext();
    while (more) {
      switch (words.oneOf("part of the answer", "auto", "name", "value")) {
        case "name" -> {
          // "answer name auto" is in CoreDNS's own examples.
          if (words.peek().equals("auto")) {
            words.text("auto");
            automatic = true;
          } else {
            add(names, match("regex", true));
          }
        }
        case "value" -> add(values, match("regex", true));
        default -> automatic = true;
      }
      if (words.peek().equals("answer")) {
        words.text("answer");
        more = true;
      } else {
        more = Set.of("auto", "name", "value").contains(words.peek());
      }
    }
    if (automatic && !names.isEmpty()) {
      words.problem("'answer auto' and 'answer name' exclude each other; keep one");
    }
    if (match instanceof NameMatch.Suffix suffix && automatic) {
      NameMatch back = new NameMatch.Suffix(suffix.to(), suffix.from());
      names.add(0, back);
      values.add(0, back);
      automatic = false;
    }
    return match == null
        ? null
        : new NameRule(match, goesOn, automatic || kind.equals("exact"), names, values);
  }

  private static void add(List<NameMatch> matches, @Nullable NameMatch match) {
    if (match != null) {
      matches.add(match);
    }
  }

  private String kind() {
    return MATCHES.contains(words.peek().toLowerCase(Locale.ROOT))
        ? lower("a kind of match")
        : "exact";
  }

  private @Nullable NameMatch match(String kind, boolean withTarget) {
    String from = words.text("what to look for");
    String to = withTarget ? words.text("what to put in its place") : "";
    if (from.isEmpty() || withTarget && to.isEmpty()) {
      return null;
    }
    if (kind.equals("regex")) {
      return regex(from, withTarget ? dotted(to.toLowerCase(Locale.ROOT)) : "");
    }
    // As CoreDNS: what is looked for ends with a whole label, whatever the kind.
    return plain(kind, dotted(from.toLowerCase(Locale.ROOT)), dotted(to.toLowerCase(Locale.ROOT)));
  }

  private static NameMatch plain(String kind, String from, String to) {
    return switch (kind) {
      case "prefix" -> new NameMatch.Prefix(from, to);
      case "suffix" -> new NameMatch.Suffix(from, to);
      case "substring" -> new NameMatch.Substring(from, to);
      default -> new NameMatch.Exact(from, to);
    };
  }

  private @Nullable NameMatch regex(String from, String to) {
    if (from.length() > LONGEST_PATTERN) {
      words.problem("a regular expression has at most " + LONGEST_PATTERN + " characters");
      return null;
    }
    try {
      // Go writes named groups with a P.
      Pattern pattern = Pattern.compile(from.replace("(?P<", "(?<"));
      int groups = pattern.matcher("").groupCount();
      boolean unknown =
          GROUP.matcher(to).results().anyMatch(each -> isBeyond(each.group(1), groups));
      if (unknown) {
        words.problem("'" + to + "' names more groups than '" + from + "' has");
      }
      return new NameMatch.Regex(pattern, to);
    } catch (PatternSyntaxException e) {
      words.problem("'" + from + "' is no regular expression: " + e.getDescription());
      return null;
    }
  }

  private static boolean isBeyond(String group, int groups) {
    return group.length() > 4 || Integer.parseInt(group) > groups;
  }

  private static String dotted(String name) {
    return name.endsWith(".") ? name : name + ".";
  }
}
