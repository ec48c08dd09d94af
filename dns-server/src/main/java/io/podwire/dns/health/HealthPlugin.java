package io.podwire.dns.health;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.http.HttpPorts;
import io.podwire.dns.http.Page;
import io.podwire.dns.plugin.Endpoints;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Words;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code health [ADDRESS]}: {@code /health} says OK as long as the process lives. */
public final class HealthPlugin implements Plugin {
  private static final int SECOND = 1000;
  private static final String FAILURES = "health_request_failures";
  private static final String FAILURES_HELP = "Times that the server could not say that it lives.";
  private static final byte[] REQUEST =
      "GET /health HTTP/1.1\r\nHost: health\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  /** As CoreDNS has them. */
  private static final double[] SECONDS = {0.00025, 0.0025, 0.025, 0.25, 2.5};

  @Override
  public String name() {
    return "health";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words words = new Words(uses.get(0).head(), problems);
    InetSocketAddress address = Endpoints.read(words, ":8080");
    words.end();
    Duration lameduck = Duration.ZERO;
    for (Line line : uses.get(0).options()) {
      if (line.name().equals("lameduck")) {
        Words option = new Words(line, problems);
        lameduck = option.duration("a duration", lameduck);
        option.end();
      } else {
        Words.unknown("health", line, problems, "lameduck");
      }
    }
    Duration linger = lameduck;
    return site -> new Alive(address, linger, site);
  }

  private static final class Alive implements Part {
    private final InetSocketAddress address;
    private final Duration linger;
    private final Site site;
    private HttpPorts.@Nullable Shown shown;
    private @Nullable ScheduledFuture<?> task;

    Alive(InetSocketAddress address, Duration linger, Site site) {
      this.address = address;
      this.linger = linger;
      this.site = site;
    }

    @Override
    public void start() {
      shown = site.http().show(address, "/health", () -> Page.text(200, "OK"));
      InetSocketAddress local = shown.address();
      site.metrics().counter(FAILURES, FAILURES_HELP);
      task =
          site.background()
              .scheduleWithFixedDelay(() -> ask(local), SECOND, SECOND, TimeUnit.MILLISECONDS);
    }

    /** As who looks after the server does, so that its being overloaded is seen from inside. */
    private void ask(InetSocketAddress local) {
      long began = site.nanos().getAsLong();
      InetAddress host =
          local.getAddress().isAnyLocalAddress()
              ? InetAddress.getLoopbackAddress()
              : local.getAddress();
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, local.getPort()), SECOND);
        socket.setSoTimeout(SECOND);
        socket.getOutputStream().write(REQUEST);
        if (socket.getInputStream().read() < 0) {
          throw new IOException("closed");
        }
        site.metrics()
            .histogram(
                "health_request_duration_seconds",
                "Time that the server took to say that it lives.",
                SECONDS)
            .record((site.nanos().getAsLong() - began) / 1e9);
      } catch (IOException e) {
        site.metrics().counter(FAILURES, FAILURES_HELP).increment();
      }
    }

    @Override
    public Duration linger() {
      return linger;
    }

    @Override
    public void close() {
      if (task != null) {
        task.cancel(false);
      }
      if (shown != null) {
        shown.close();
      }
    }
  }
}
