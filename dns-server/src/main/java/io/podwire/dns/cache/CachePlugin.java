package io.podwire.dns.cache;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import java.time.Duration;
import java.util.List;

/** {@code cache [TTL] [ZONES…]}: answers are kept for a while; see the README in this folder. */
public final class CachePlugin implements Plugin {

  @Override
  public String name() {
    return "cache";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    CacheRules rules = new Reader(problems).read(uses.get(0), block);
    return site -> Part.of(new CacheHandler(rules, site));
  }

  /** Takes the options in, one after the other. */
  private static final class Reader {
    private final Problems problems;
    private CacheRules.Bounds success = CacheRules.Bounds.SUCCESS;
    private CacheRules.Bounds denial = CacheRules.Bounds.DENIAL;
    private long servfail = 5;
    private int prefetch;
    private Duration prefetchGap = Duration.ofMinutes(1);
    private int prefetchPercent = 10;
    private Duration stale = Duration.ZERO;
    private CacheRules.Staleness staleness = CacheRules.Staleness.DEFAULT;
    private boolean keepTtl;

    Reader(Problems problems) {
      this.problems = problems;
    }

    CacheRules read(Directive use, ServerBlock block) {
      Words head = new Words(use.head(), problems);
      if (head.peek().matches("[0-9]+")) {
        int most = head.number("ttl in seconds", 1, Integer.MAX_VALUE, 3600);
        success = success.within(most);
        denial = denial.within(most);
      }
      List<Token> names = head.rest();
      Zones zones = Zones.readOrOf(block, names, problems);
      use.options().forEach(this::option);
      return new CacheRules(
          zones,
          success,
          denial,
          servfail,
          prefetch,
          prefetchGap,
          prefetchPercent,
          stale,
          staleness,
          keepTtl);
    }

    private void option(Line line) {
      Words words = new Words(line, problems);
      switch (line.name()) {
        case "success" -> success = bounds(words, success);
        case "denial" -> denial = bounds(words, denial);
        case "prefetch" -> prefetch(words);
        case "serve_stale" -> {
          stale = Duration.ofHours(1);
          if (words.hasNext()) {
            stale = words.duration("a duration", stale);
          }
          if (words.hasNext()) {
            staleness = staleness(words);
          }
        }
        case "servfail" -> {
          Duration time = words.duration("a duration", Duration.ofSeconds(5));
          if (time.compareTo(Duration.ofMinutes(5)) > 0) {
            words.problem("failures are kept for at most 5m (RFC 2308, section 7.1)");
          }
          servfail = time.toSeconds();
        }
        case "disable" -> {
          String kind = words.oneOf("kind of answer", "success", "denial");
          Zones zones = Zones.readOrAll(words.rest(), problems);
          if (kind.equals("success")) {
            success = success.without(zones);
          } else {
            denial = denial.without(zones);
          }
        }
        case "keepttl" -> keepTtl = true;
        default -> {
          words.rest();
          Words.unknown(
              "cache",
              line,
              problems,
              "success",
              "denial",
              "prefetch",
              "serve_stale",
              "servfail",
              "disable",
              "keepttl");
        }
      }
      words.end();
    }

    /** {@code immediate [TTL [RECHECK]]}, {@code verify [TIMEOUT [TTL [RECHECK]]]}. */
    private static CacheRules.Staleness staleness(Words words) {
      boolean verify = words.oneOf("way to refresh", "immediate", "verify").equals("verify");
      Duration timeout = verify ? time(words) : Duration.ZERO;
      Duration ttl = time(words);
      if (ttl.toNanosPart() != 0) {
        words.problem("the ttl of stale answers is a whole number of seconds");
      }
      return new CacheRules.Staleness(verify, timeout, ttl.toSeconds(), time(words));
    }

    /** A duration, of which 0 needs no unit. */
    private static Duration time(Words words) {
      if (words.peek().equals("0")) {
        words.text("a duration");
        return Duration.ZERO;
      }
      return words.hasNext() ? words.duration("a duration", Duration.ZERO) : Duration.ZERO;
    }

    private static CacheRules.Bounds bounds(Words words, CacheRules.Bounds otherwise) {
      int capacity = words.number("capacity", 0, 10_000_000, otherwise.capacity());
      long most = otherwise.most();
      long least = otherwise.least();
      if (words.hasNext()) {
        most = words.number("ttl in seconds", 1, Integer.MAX_VALUE, (int) most);
      }
      if (words.hasNext()) {
        least = words.number("least ttl in seconds", 0, Integer.MAX_VALUE, (int) least);
      }
      return new CacheRules.Bounds(capacity, most, least, otherwise.except());
    }

    private void prefetch(Words words) {
      prefetch = words.number("number of hits", 0, Integer.MAX_VALUE, 0);
      if (words.hasNext()) {
        prefetchGap = words.duration("a duration", prefetchGap);
      }
      if (words.hasNext()) {
        String percent = words.text("a percentage");
        if (percent.matches("[1-8][0-9]%|90%")) {
          prefetchPercent = Integer.parseInt(percent.substring(0, percent.length() - 1));
        } else {
          words.problem("'" + percent + "' is no percentage from 10% to 90%");
        }
      }
    }
  }
}
