package io.podwire.dns.forward;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsName;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Reads one line {@code forward} with its options; good for a single use. */
final class ForwardOptions {
  private static final String[] KNOWN = {
    "except",
    "max_fails",
    "health_check",
    "expire",
    "policy",
    "max_concurrent",
    "force_tcp",
    "prefer_udp",
    "tls",
    "tls_servername",
    "read_timeout",
    "failfast_all_unhealthy_upstreams"
  };

  private final Directive use;
  private final Problems problems;
  private List<Token> upstreams = List.of();
  private Zones except = Zones.NONE;
  private ForwardRules.Policy policy = ForwardRules.DEFAULT.policy();
  private int maxFails = ForwardRules.DEFAULT.maxFails();
  private Duration checkEvery = ForwardRules.DEFAULT.checkEvery();
  private DnsName checkName = DnsName.ROOT;
  private boolean checkRecursion = true;
  private Duration expire = ForwardRules.DEFAULT.expire();
  private int maxConcurrent;
  private boolean forceTcp;
  private boolean preferUdp;
  private Duration timeout = ForwardRules.DEFAULT.timeout();
  private boolean failFast;
  private List<Token> tlsFiles = List.of();
  private String serverName = "";

  ForwardOptions(Directive use, Problems problems) {
    this.use = use;
    this.problems = problems;
  }

  ForwardRules read() {
    Words head = new Words(use.head(), problems);
    DnsName from = head.name("zone to forward");
    upstreams = head.rest();
    use.options().forEach(this::option);
    return new ForwardRules(
        from,
        except,
        policy,
        maxFails,
        checkEvery,
        checkName,
        checkRecursion,
        expire,
        maxConcurrent,
        forceTcp,
        preferUdp,
        timeout,
        failFast);
  }

  List<Token> upstreams() {
    return upstreams;
  }

  String serverName() {
    return serverName;
  }

  private void option(Line line) {
    Words words = new Words(line, problems);
    switch (line.name()) {
      case "except" -> except = Zones.read(words.rest(), problems);
      case "max_fails" -> maxFails = words.number("number of fails", 0, 1_000_000, maxFails);
      case "health_check" -> {
        checkEvery = words.duration("an interval", checkEvery);
        while (words.hasNext()) {
          if (words.oneOf("option of health_check", "no_rec", "domain").equals("no_rec")) {
            checkRecursion = false;
          } else {
            checkName = words.name("domain");
          }
        }
      }
      case "expire" -> expire = words.duration("a duration", expire);
      case "policy" ->
          policy =
              ForwardRules.Policy.valueOf(
                  words
                      .oneOf("policy", "random", "round_robin", "sequential")
                      .toUpperCase(Locale.ROOT));
      case "max_concurrent" ->
          maxConcurrent = words.number("number of queries", 0, Integer.MAX_VALUE, 0);
      case "force_tcp" -> forceTcp = true;
      case "prefer_udp" -> preferUdp = true;
      case "read_timeout" -> timeout = words.duration("a duration", timeout);
      case "failfast_all_unhealthy_upstreams" -> failFast = true;
      case "tls" -> tlsFiles = words.rest();
      case "tls_servername" -> serverName = words.text("the name in the certificate");
      case "next",
          "failover",
          "max_connect_attempts",
          "max_age",
          "max_idle_conns",
          "doh_method",
          "resolver",
          "source_address" -> {
        words.rest();
        problems.add(line.first(), "'" + line.name() + "' is not built; take the line out");
      }
      default -> {
        words.rest();
        Words.unknown("forward", line, problems, KNOWN);
      }
    }
    words.end();
  }

  /** As CoreDNS: none, CA, CERT KEY or CERT KEY CA; null where no upstream is asked over TLS. */
  @Nullable SslContext tls() {
    boolean wanted = upstreams.stream().anyMatch(each -> each.text().startsWith("tls://"));
    if (!wanted && tlsFiles.isEmpty()) {
      return null;
    }
    try {
      SslContextBuilder context =
          SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS");
      if (tlsFiles.size() == 1 || tlsFiles.size() == 3) {
        context.trustManager(new File(tlsFiles.get(tlsFiles.size() - 1).text()));
      }
      if (tlsFiles.size() >= 2) {
        context.keyManager(new File(tlsFiles.get(0).text()), new File(tlsFiles.get(1).text()));
      }
      if (tlsFiles.size() > 3) {
        problems.add(tlsFiles.get(3), "'tls' takes at most CERT KEY CA");
      }
      return context.build();
    } catch (SSLException | IllegalArgumentException e) {
      problems.add(
          tlsFiles.isEmpty() ? use.head().first() : tlsFiles.get(0),
          "these files make no TLS client: " + e.getMessage());
      return null;
    }
  }
}
