package io.podwire.dns.errors;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code errors}: what could not be answered goes to the log. */
public final class ErrorsPlugin implements Plugin {

  @Override
  public String name() {
    return "errors";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words head = new Words(uses.get(0).head(), problems);
    if (head.hasNext()) {
      head.oneOf("place for errors", "stdout");
    }
    head.end();
    List<Consolidation.Rule> rules = new ArrayList<>();
    for (Line line : uses.get(0).options()) {
      Words words = new Words(line, problems);
      switch (line.name()) {
        case "consolidate" -> rule(words, rules);
        // Always in the log where there is one.
        case "stacktrace" -> words.end();
        default -> Words.unknown("errors", line, problems, "consolidate", "stacktrace");
      }
    }
    return site -> part(rules, site);
  }

  private static void rule(Words words, List<Consolidation.Rule> rules) {
    Duration every = words.duration("a duration", Duration.ofSeconds(1));
    String pattern = words.text("a regular expression");
    boolean level = words.hasNext() && !words.peek().equals("show_first");
    String name = level ? words.oneOf("level", "error", "warning", "info", "debug") : "error";
    boolean first = words.hasNext();
    if (first) {
      words.oneOf("option of consolidate", "show_first");
    }
    words.end();
    if (every.isZero()) {
      words.problem("'consolidate' needs a duration above 0s");
    }
    try {
      rules.add(new Consolidation.Rule(every, Pattern.compile(pattern), name, first));
    } catch (PatternSyntaxException e) {
      words.problem("'" + pattern + "' is no regular expression: " + e.getDescription());
    }
  }

  private static Part part(List<Consolidation.Rule> rules, Site site) {
    Consolidation consolidation = new Consolidation(rules, site.group().next());
    ErrorsHandler handler = new ErrorsHandler(consolidation);
    return new Part() {
      @Override
      public ErrorsHandler handler() {
        return handler;
      }

      @Override
      public void close() {
        consolidation.close();
      }
    };
  }
}
