package io.podwire.dns.template;

import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.dns.master.MasterFile;
import io.podwire.dns.plugin.Site;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordClass;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes answers of the names asked for. Thread-safe. */
final class TemplateHandler implements DnsHandler {

  /** Aliases followed for one question; more are a loop or as good as one. */
  private static final int MAX_ALIASES = 8;

  /**
   * One use of the plugin.
   *
   * @param dnsClass 255 for all
   * @param type 255 for all
   * @param extendedError an EDNS option (RFC 8914)
   */
  record Template(
      Zones zones,
      int dnsClass,
      int type,
      List<Pattern> matches,
      List<RecordTemplate> answers,
      List<RecordTemplate> additional,
      List<RecordTemplate> authority,
      int rcode,
      Rdata.Opt.@Nullable Option extendedError,
      Zones fallthrough) {

    boolean isFor(Query query) {
      int asked = query.question().dnsClass();
      return (dnsClass == RecordClass.ANY || asked == RecordClass.ANY || dnsClass == asked)
          && (type == RecordType.ANY || query.type() == RecordType.ANY || type == query.type());
    }

    @Nullable Matcher match(String name) {
      for (Pattern each : matches) {
        Matcher matcher = each.matcher(name);
        if (matcher.find()) {
          return matcher;
        }
      }
      return null;
    }
  }

  private final List<Template> templates;
  private final Site site;
  private final Supplier<DnsName> clusterZone;

  TemplateHandler(List<Template> templates, Site site) {
    this.templates = List.copyOf(templates);
    this.site = site;
    this.clusterZone = site.clusterZone();
  }

  @Override
  public CompletionStage<DnsMessage> handle(Query query, Rest rest) {
    String name = query.name().toString().toLowerCase(Locale.ROOT);
    for (Template each : templates) {
      DnsName zone = each.zones().match(query.name(), clusterZone);
      if (zone == null || !each.isFor(query)) {
        continue;
      }
      Matcher matcher = each.match(name);
      if (matcher != null) {
        int asked = query.question().dnsClass();
        return answer(
            each,
            new RecordTemplate.Values(
                query,
                zone,
                name,
                asked == RecordClass.ANY ? each.dnsClass() : asked,
                query.type() == RecordType.ANY ? each.type() : query.type(),
                matcher),
            rest);
      }
      if (each.fallthrough().match(query.name(), clusterZone) == null) {
        return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
      }
    }
    return rest.next(query);
  }

  private CompletionStage<DnsMessage> answer(
      Template template, RecordTemplate.Values values, Rest rest) {
    Query query = values.query();
    site.metrics()
        .counter("template_matches", "Queries that a template answered.", labels(values))
        .increment();
    if (template.rcode() == Rcode.SERVFAIL) {
      return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
    }
    List<ResourceRecord> answers = new ArrayList<>();
    List<ResourceRecord> additional = new ArrayList<>();
    List<ResourceRecord> authority = new ArrayList<>();
    boolean good =
        fill(template.answers(), values, "answer", answers)
            && fill(template.additional(), values, "additional", additional)
            && fill(template.authority(), values, "authority", authority);
    if (!good) {
      return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
    }
    if (template.extendedError() != null) {
      query.delivery().option(template.extendedError());
    }
    DnsMessage answer =
        query
            .authoritativeReply(template.rcode())
            .withAnswers(answers)
            .withAdditional(additional)
            .withAuthority(authority);
    return chased(query, answer, rest);
  }

  /** With what aliases lead to, where an address was asked for. */
  private static CompletionStage<DnsMessage> chased(Query query, DnsMessage answer, Rest rest) {
    boolean address = query.type() == RecordType.A || query.type() == RecordType.AAAA;
    CompletionStage<DnsMessage> whole = CompletableFuture.completedFuture(answer);
    for (ResourceRecord each : answer.answers()) {
      if (address && query.aliases() < MAX_ALIASES && each.data() instanceof Rdata.Cname alias) {
        whole =
            whole.thenCompose(before ->
                rest.fromStart(query.follow(alias.target()))
                    .thenApply(found ->
                        before.withAnswers(
                            Stream.concat(before.answers().stream(), found.answers().stream())
                                .toList())));
      }
    }
    return whole;
  }

  private String[] labels(RecordTemplate.Values values, String... more) {
    return Stream.concat(
            Stream.of(
                "server",
                site.server(),
                "zone",
                values.zone().toString(),
                "view",
                "",
                "class",
                RecordClass.text(values.dnsClass()),
                "type",
                known(values.type())),
            Stream.of(more))
        .toArray(String[]::new);
  }

  /** Types without a name have no series of their own: clients can ask for 65536. */
  private static String known(int type) {
    String text = RecordType.text(type);
    return text.startsWith("TYPE") ? "" : text;
  }

  /** Adds the records; false where one of them is none. */
  private boolean fill(
      List<RecordTemplate> templates,
      RecordTemplate.Values values,
      String section,
      List<ResourceRecord> records) {
    for (RecordTemplate each : templates) {
      Optional<String> text = each.text(values);
      List<String> problems = new ArrayList<>();
      text.ifPresent(line -> records.addAll(MasterFile.read(line, DnsName.ROOT, problems)));
      if (text.isEmpty() || !problems.isEmpty()) {
        site.metrics()
            .counter(
                text.isEmpty() ? "template_template_failures" : "template_rr_failures",
                "Records that could not be made of a template.",
                labels(values, "section", section, "template", each.pattern()))
            .increment();
        return false;
      }
    }
    return true;
  }
}
