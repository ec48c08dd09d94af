package io.podwire.dns.plugin;

import io.podwire.cluster.fault.GoDuration;
import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.corefile.ZoneKey;
import io.podwire.packet.dns.DnsName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one line, taken one after the other; whatever is wrong adds to the problems, and
 * the value to go on with is the one that was given for that case.
 *
 * <p>Not thread-safe.
 */
public final class Words {
  private final Line line;
  private final Problems problems;
  private int at;

  public Words(Line line, Problems problems) {
    this.line = line;
    this.problems = problems;
  }

  public boolean hasNext() {
    return at < line.arguments().size();
  }

  /** The next word without taking it; empty where there is none. */
  public String peek() {
    return hasNext() ? line.arguments().get(at).text() : "";
  }

  /** The next word; null where there is none. */
  public @Nullable Token take() {
    return hasNext() ? line.arguments().get(at++) : null;
  }

  /** All that are left. */
  public List<Token> rest() {
    List<Token> rest = line.arguments().subList(at, line.arguments().size());
    at = line.arguments().size();
    return rest;
  }

  /** The next word; one that is missing is a problem. */
  public String text(String what) {
    Token token = take();
    if (token == null) {
      problem("'" + line.name() + "' lacks " + what);
      return "";
    }
    return token.text();
  }

  /** A whole number within bounds. */
  public int number(String what, int least, int most, int otherwise) {
    String text = text(what);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    problem(
        "'" + text + "' is no " + what + "; write a whole number from " + least + " to " + most);
    return otherwise;
  }

  /** A duration as Go writes it; a bare number is a problem. */
  public Duration duration(String what, Duration otherwise) {
    String text = text(what);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      Duration value = GoDuration.parse(text);
      if (!value.isNegative()) {
        return value;
      }
      problem("'" + text + "' is negative; " + what + " is at least 0s");
    } catch (IllegalArgumentException e) {
      problem("'" + text + "' " + e.getMessage());
    }
    return otherwise;
  }

  /** A single zone or name. */
  public DnsName name(String what) {
    String text = text(what);
    List<DnsName> zones = ZoneKey.zones(text);
    if (zones.size() != 1) {
      Optional<DnsName> name = DnsName.tryParse(text);
      if (name.isEmpty() && !text.isEmpty()) {
        problem("'" + text + "' is no " + what);
      }
      return name.orElse(DnsName.ROOT);
    }
    return zones.get(0);
  }

  /** One of a few words, in any case. */
  public String oneOf(String what, String... known) {
    String text = text(what);
    for (String each : known) {
      if (each.equalsIgnoreCase(text)) {
        return each;
      }
    }
    if (!text.isEmpty()) {
      problem("'" + text + "' is no " + what + "; known: " + String.join(", ", known));
    }
    return known[0];
  }

  /** Anything more is a problem. */
  public void end() {
    if (hasNext()) {
      problem("'" + line.name() + "' takes no '" + peek() + "'");
    }
  }

  public void problem(String text) {
    problems.add(
        at > 0 && at <= line.arguments().size() ? line.arguments().get(at - 1) : line.first(),
        text);
  }

  /** An option that a plugin does not have. */
  public static void unknown(String plugin, Line option, Problems problems, String... known) {
    problems.add(
        option.first(),
        "unknown option '"
            + option.name()
            + "' of "
            + plugin
            + (known.length == 0 ? ", which has none" : "; known: " + String.join(", ", known)));
  }

  /** Where a plugin may stand once in a block. */
  public static void once(List<Directive> uses, Problems problems) {
    for (int i = 1; i < uses.size(); i++) {
      problems.add(
          uses.get(i).head().first(), "'" + uses.get(i).name() + "' is in this block already");
    }
  }

  /** Where a plugin has no options in braces. */
  public static void noOptions(Directive use, Problems problems) {
    for (Line option : use.options()) {
      unknown(use.name(), option, problems);
    }
  }
}
