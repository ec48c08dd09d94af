package io.podwire.dns.prometheus;

import io.podwire.dns.corefile.ZoneKey;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.dns.handler.Reuse;
import io.podwire.dns.metrics.Histogram;
import io.podwire.dns.metrics.Metrics;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** Counts queries and answers, those that are given without the handlers too. Thread-safe. */
final class RequestMetrics implements DnsHandler {
  private static final double[] SECONDS = {
    0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024,
    2.048, 4.096, 8.192
  };
  private static final double[] OCTETS = {
    0, 100, 200, 300, 400, 511, 1023, 2047, 4095, 8291, 16e3, 32e3, 48e3, 64e3
  };

  /** Types that have a label of their own; clients can ask for 65536. */
  private static final Set<String> TYPES =
      Set.of(
          "AAAA", "A", "CNAME", "DNSKEY", "DS", "MX", "NSEC3", "NSEC", "NS", "PTR", "RRSIG", "SOA",
          "SRV", "TXT", "HTTPS", "SVCB", "IXFR", "AXFR", "ANY");

  private final Site site;
  private final Zones zones;

  RequestMetrics(Site site) {
    this.site = site;
    this.zones = new Zones(site.keys().stream().map(ZoneKey::zone).toList(), false);
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    if (!query.delivery().isToClient()) {
      query.reuse().tell(new Given(query));
      return rest.next(query)
          .thenApply(answer -> {
            if (query.reuse().witness() instanceof Given given) {
              given.answered(answer.rcode(), query.delivery().answeredBy());
            }
            return answer;
          });
    }
    long began = site.nanos().getAsLong();
    return rest.next(query)
        .whenComplete((answer, failure) -> {
          int rcode = answer == null ? Rcode.SERVFAIL : answer.rcode();
          int size =
              answer == null ? 12 : DnsCodec.encode(answer, DnsCodec.MAX_MESSAGE).remaining();
          Series series = new Series(query, query.delivery().protocol(), query.delivery().server());
          series.requests.increment();
          series.responses(rcode, failure == null ? query.delivery().answeredBy() : "").increment();
          if (failure != null) {
            site.metrics().counter("panics", "Times that a plugin failed.").increment();
          }
          if (query.message().edns().filter(Edns::isDnssecOk).isPresent()) {
            series.dnssec().increment();
          }
          series.duration.record((site.nanos().getAsLong() - began) / 1e9);
          series.asked.record(DnsCodec.encode(query.message(), DnsCodec.MAX_MESSAGE).remaining());
          series.answered.record(size);
        });
  }

  /** The counters of one kind of query. */
  private final class Series {
    final LongAdder requests;
    final Histogram duration;
    final Histogram asked;
    final Histogram answered;
    private final String server;
    private final String zone;
    private final Metrics metrics = site.metrics();

    Series(Query query, String protocol, String label) {
      server = label.isEmpty() ? site.server() : label;
      DnsName matched = zones.match(query.name(), site.clusterZone());
      zone = matched == null ? "." : matched.toString();
      String type = RecordType.text(query.type());
      boolean ipv6 = query.client().getAddress().getAddress().length == 16;
      requests =
          metrics.counter(
              "dns_requests",
              "Queries by zone, protocol and family.",
              "server",
              server,
              "zone",
              zone,
              "view",
              "",
              "proto",
              protocol,
              "family",
              ipv6 ? "2" : "1",
              "type",
              TYPES.contains(type) ? type : "other");
      duration =
          metrics.histogram(
              "dns_request_duration_seconds",
              "Time from a query to its answer.",
              SECONDS,
              "server",
              server,
              "zone",
              zone,
              "view",
              "");
      asked = size("dns_request_size_bytes", "Octets of queries.", protocol);
      answered = size("dns_response_size_bytes", "Octets of answers.", protocol);
    }

    private Histogram size(String name, String help, String protocol) {
      return metrics.histogram(
          name, help, OCTETS, "server", server, "zone", zone, "view", "", "proto", protocol);
    }

    LongAdder responses(int rcode, String plugin) {
      return metrics.counter(
          "dns_responses",
          "Answers by response code.",
          "server",
          server,
          "zone",
          zone,
          "view",
          "",
          "rcode",
          Rcode.text(rcode),
          "plugin",
          plugin);
    }

    LongAdder dnssec() {
      return metrics.counter(
          "dns_do_requests", "Queries with DO.", "server", server, "zone", zone, "view", "");
    }
  }

  /** Counts the answers that are given again, as quickly as that goes. */
  private final class Given implements Reuse.Witness {
    private final Series series;
    private LongAdder responses;

    Given(Query query) {
      this.series = new Series(query, "udp", site.server());
      this.responses = series.responses(Rcode.NOERROR, "");
    }

    void answered(int rcode, String plugin) {
      responses = series.responses(rcode, plugin);
    }

    @Override
    public void given(int asked, int answered) {
      series.requests.increment();
      responses.increment();
      series.duration.record(0);
      series.asked.record(asked);
      series.answered.record(answered);
    }
  }
}
