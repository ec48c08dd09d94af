package io.podwire.dns.forward;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.plugin.Endpoints;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import java.io.File;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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
    "failfast_all_unhealthy_upstreams",
    "next",
    "next_on_nodata",
    "failover",
    "max_connect_attempts",
    "max_age",
    "max_idle_conns",
    "source_address"
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
  private Duration expire = ForwardRules.Connections.DEFAULT.expire();
  private Duration maxAge = Duration.ZERO;
  private int maxIdle;
  private @Nullable InetAddress source;
  private int maxAttempts = ForwardRules.TWICE_EACH;
  private final Set<Integer> next = new HashSet<>();
  private final Set<Integer> failover = new HashSet<>();
  private boolean nextOnNoData;
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
    if (!maxAge.isZero() && maxAge.compareTo(expire) < 0) {
      problems.add(use.head().first(), "'max_age' is less than 'expire'; it has to be as much");
    }
    return new ForwardRules(
        from,
        except,
        policy,
        maxFails,
        checkEvery,
        checkName,
        checkRecursion,
        new ForwardRules.Connections(expire, maxAge, maxIdle, source),
        maxConcurrent,
        forceTcp,
        preferUdp,
        timeout,
        maxAttempts,
        new ForwardRules.Alternatives(next, nextOnNoData, failover),
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
      case "next" -> next.addAll(codes(words));
      case "next_on_nodata" -> nextOnNoData = true;
      case "failover" -> {
        failover.addAll(codes(words));
        if (failover.contains(Rcode.NOERROR)) {
          words.problem("'failover' takes no NOERROR: that is what is hoped for");
        }
      }
      case "max_connect_attempts" ->
          maxAttempts = words.number("number of attempts", 0, Integer.MAX_VALUE, maxAttempts);
      case "max_age" -> maxAge = words.duration("a duration", maxAge);
      case "max_idle_conns" ->
          maxIdle = words.number("number of connections", 0, Integer.MAX_VALUE, 0);
      case "source_address" -> source = source(words);
      case "doh_method", "resolver" -> {
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

  private static List<Integer> codes(Words words) {
    List<Integer> codes = new ArrayList<>();
    do {
      String text = words.text("an rcode");
      Rcode.tryParse(text)
          .ifPresentOrElse(
              codes::add,
              () -> words.problem("'" + text + "' is no rcode; write one such as NXDOMAIN"));
    } while (words.hasNext());
    return codes;
  }

  private static @Nullable InetAddress source(Words words) {
    String text = words.text("an address");
    Optional<IpAddress> address = IpAddress.tryParse(text);
    if (address.isEmpty()) {
      words.problem("'" + text + "' is no address");
      return null;
    }
    return Endpoints.inet(address.get());
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
