package io.podwire.dns.rewrite;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import java.util.ArrayList;
import java.util.List;

/** {@code rewrite [continue|stop] FIELD …}: questions that become others. */
public final class RewritePlugin implements Plugin {

  @Override
  public String name() {
    return "rewrite";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    List<Rule> rules = new ArrayList<>();
    for (Directive use : uses) {
      Rule rule = new RuleReader(words(use, problems)).read();
      if (rule != null) {
        rules.add(rule);
      }
    }
    return site -> Part.of(new RewriteHandler(rules));
  }

  /** What stands in braces counts as if it stood behind {@code rewrite}, in one line. */
  private static Words words(Directive use, Problems problems) {
    List<Token> words = new ArrayList<>(use.head().words());
    for (Line line : use.options()) {
      words.addAll(line.words());
    }
    return new Words(new Line(words), problems);
  }
}
