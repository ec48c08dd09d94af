package io.podwire.dns.rewrite;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.packet.dns.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** {@code rewrite [continue|stop] FIELD …}: questions that become others. */
public final class RewritePlugin implements Plugin {
  private static final Set<String> MATCHES =
      Set.of("exact", "prefix", "suffix", "substring", "regex");

  @Override
  public String name() {
    return "rewrite";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    List<Rule> rules = new ArrayList<>();
    for (Directive use : uses) {
      Words words = new Words(use.head(), problems);
      List<Words> answers = new ArrayList<>();
      boolean braces = !words.hasNext();
      // In braces the field's line comes first, and lines "answer …" behind it.
      for (Line line : use.options()) {
        Words option = new Words(line, problems);
        if (line.name().equals("answer")) {
          answers.add(option);
        } else if (braces && words.peek().isEmpty()) {
          words = fieldLine(line, problems);
        } else {
          Words.unknown("rewrite", line, problems, "name", "type", "ttl", "answer");
        }
      }
      Rule rule = rule(words, answers);
      if (rule != null) {
        rules.add(rule);
      }
    }
    return site -> Part.of(new RewriteHandler(rules));
  }

  /** A line of the braces as if it stood behind {@code rewrite}. */
  private static Words fieldLine(Line line, Problems problems) {
    List<Token> words = new ArrayList<>();
    words.add(line.first());
    words.addAll(line.words());
    return new Words(new Line(words), problems);
  }

  private static @Nullable Rule rule(Words words, List<Words> answers) {
    boolean goesOn = false;
    if (words.peek().equals("continue") || words.peek().equals("stop")) {
      goesOn = words.text("a mode").equals("continue");
    }
    String field = words.oneOf("field to rewrite", "name", "type", "ttl");
    Rule rule =
        switch (field) {
          case "type" -> {
            int from = type(words);
            yield new OtherRules.TypeRule(from, type(words), goesOn);
          }
          case "ttl" -> ttl(words, goesOn);
          default -> name(words, answers, goesOn);
        };
    words.end();
    return rule;
  }

  private static int type(Words words) {
    String text = words.text("a type");
    return RecordType.tryParse(text)
        .orElseGet(() -> {
          words.problem("'" + text + "' is no type of record");
          return 0;
        });
  }

  private static @Nullable Rule ttl(Words words, boolean goesOn) {
    NameMatch match = match(words, kind(words), false);
    String text = words.text("a ttl");
    if (match == null || !text.matches("[0-9]{1,10}|[0-9]{0,10}-[0-9]{0,10}") || text.equals("-")) {
      words.problem("'" + text + "' is no ttl; write 60, 30-60, 30- or -60");
      return null;
    }
    int dash = text.indexOf('-');
    String least = dash < 0 ? text : text.substring(0, dash);
    String most = dash < 0 ? text : text.substring(dash + 1);
    return new OtherRules.TtlRule(
        match,
        least.isEmpty() ? 0 : Long.parseLong(least),
        most.isEmpty() ? Integer.MAX_VALUE : Long.parseLong(most),
        goesOn);
  }

  private static @Nullable Rule name(Words words, List<Words> lines, boolean goesOn) {
    NameMatch match = match(words, kind(words), true);
    boolean automatic = false;
    List<NameMatch> names = new ArrayList<>();
    List<NameMatch> values = new ArrayList<>();
    List<Words> answers = new ArrayList<>(lines);
    if (words.hasNext()) {
      words.oneOf("option of a name", "answer");
      answers.add(words);
    }
    for (Words answer : answers) {
      switch (answer.oneOf("part of the answer", "auto", "name", "value")) {
        case "name" -> add(names, match(answer, "regex", true));
        case "value" -> add(values, match(answer, "regex", true));
        default -> automatic = true;
      }
      if (answer != words) {
        answer.end();
      }
    }
    return match == null ? null : new NameRule(match, goesOn, automatic, names, values);
  }

  private static void add(List<NameMatch> matches, @Nullable NameMatch match) {
    if (match != null) {
      matches.add(match);
    }
  }

  private static String kind(Words words) {
    return MATCHES.contains(words.peek()) ? words.text("a kind of match") : "exact";
  }

  private static @Nullable NameMatch match(Words words, String kind, boolean withTarget) {
    String from = words.text("what to look for");
    String to = withTarget ? words.text("what to put in its place") : from;
    String lower = from.toLowerCase(Locale.ROOT);
    String target = to.toLowerCase(Locale.ROOT);
    if (from.isEmpty() || withTarget && to.isEmpty()) {
      return null;
    }
    return switch (kind) {
      case "prefix" -> new NameMatch.Prefix(lower, target);
      case "suffix" -> new NameMatch.Suffix(dotted(lower), dotted(target));
      case "substring" -> new NameMatch.Substring(lower, target);
      case "regex" -> {
        try {
          yield new NameMatch.Regex(Pattern.compile(from), to);
        } catch (PatternSyntaxException e) {
          words.problem("'" + from + "' is no regular expression: " + e.getDescription());
          yield null;
        }
      }
      default -> new NameMatch.Exact(dotted(lower), dotted(target));
    };
  }

  private static String dotted(String name) {
    return name.endsWith(".") ? name : name + ".";
  }
}
