package io.podwire.dns.log;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** {@code log [NAMES…] [FORMAT]}: a line in the log for each query. */
public final class LogPlugin implements Plugin {

  @Override
  public String name() {
    return "log";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    List<LogHandler.Rule> rules = new ArrayList<>();
    uses.forEach(use -> rules.add(rule(use, problems)));
    return site -> Part.of(new LogHandler(rules, site));
  }

  private static LogHandler.Rule rule(Directive use, Problems problems) {
    List<Token> words = new ArrayList<>(use.head().arguments());
    LogFormat format = LogFormat.COMMON;
    if (!words.isEmpty() && words.get(words.size() - 1).text().contains("{")) {
      Token text = words.remove(words.size() - 1);
      format = LogFormat.read(text, problems);
    }
    Set<LogHandler.Kind> kinds = EnumSet.noneOf(LogHandler.Kind.class);
    for (Line line : use.options()) {
      Words option = new Words(line, problems);
      if (!line.name().equals("class")) {
        Words.unknown("log", line, problems, "class");
        continue;
      }
      if (!option.hasNext()) {
        option.problem("'class' lacks a class; known: all, success, denial, error");
      }
      while (option.hasNext()) {
        kinds.add(
            LogHandler.Kind.valueOf(
                option
                    .oneOf("class", "all", "success", "denial", "error")
                    .toUpperCase(Locale.ROOT)));
      }
    }
    return new LogHandler.Rule(
        Zones.readOrAll(words, problems),
        format,
        kinds.isEmpty() ? EnumSet.of(LogHandler.Kind.ALL) : kinds);
  }
}
