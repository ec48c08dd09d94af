package io.podwire.dns.reload;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code reload [INTERVAL] [JITTER]}: serves what the Corefile says whenever it has changed. */
public final class ReloadPlugin implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadPlugin.class);
  private static final Duration LEAST_INTERVAL = Duration.ofSeconds(2);
  private static final Duration LEAST_JITTER = Duration.ofSeconds(1);

  @Override
  public String name() {
    return "reload";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words words = new Words(uses.get(0).head(), problems);
    Duration interval = Duration.ofSeconds(30);
    Duration jitter = Duration.ofSeconds(15);
    if (words.hasNext()) {
      interval = words.duration("an interval", interval);
      if (interval.compareTo(LEAST_INTERVAL) < 0) {
        words.problem("the interval of reload is at least 2s");
      }
    }
    if (words.hasNext()) {
      jitter = words.duration("a jitter", jitter);
      if (!jitter.isZero() && jitter.compareTo(LEAST_JITTER) < 0) {
        words.problem("the jitter of reload is 0s or at least 1s");
      }
    }
    words.end();
    Words.noOptions(uses.get(0), problems);
    long every = interval.toNanos();
    long most = Math.min(jitter.toNanos(), every / 2);
    return site -> new Watch(every, most, site);
  }

  /** Looks at the file now and then. */
  private static final class Watch implements Part {
    private final long interval;
    private final Site site;
    private @Nullable String tried;
    private @Nullable ScheduledFuture<?> task;

    Watch(long every, long jitter, Site site) {
      // Many servers of one file should not all begin anew at the same moment.
      this.interval = every + (jitter == 0 ? 0 : site.random().nextLong(jitter) - jitter / 2);
      this.site = site;
    }

    @Override
    public void start() {
      task =
          site.background()
              .scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.NANOSECONDS);
    }

    private void look() {
      try {
        String hash = site.source().hash();
        // One that was wrong is not tried again until it is another.
        if (!hash.equals(site.source().served()) && !hash.equals(tried)) {
          tried = hash;
          site.source().reload();
        }
      } catch (IOException | RuntimeException e) {
        LOG.warn("the Corefile cannot be looked at: {}", e.toString());
      }
    }

    @Override
    public void close() {
      if (task != null) {
        task.cancel(false);
      }
    }
  }
}
