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
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes answers of the names asked for. Thread-safe. */
final class TemplateHandler implements DnsHandler {

  /**
   * One use of the plugin.
   *
   * @param type 255 for all
   */
  record Template(
      Zones zones,
      int type,
      List<Pattern> matches,
      List<RecordTemplate> answers,
      List<RecordTemplate> additional,
      List<RecordTemplate> authority,
      int rcode,
      Zones fallthrough) {

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
      boolean type =
          each.type() == RecordType.ANY
              || query.type() == RecordType.ANY
              || each.type() == query.type();
      if (zone == null || !type) {
        continue;
      }
      Matcher matcher = each.match(name);
      if (matcher != null) {
        return CompletableFuture.completedFuture(
            answer(query, each, new RecordTemplate.Values(query, zone, name, matcher)));
      }
      if (each.fallthrough().match(query.name(), clusterZone) == null) {
        return CompletableFuture.completedFuture(query.reply(Rcode.SERVFAIL));
      }
    }
    return rest.next(query);
  }

  private DnsMessage answer(Query query, Template template, RecordTemplate.Values values) {
    site.metrics()
        .counter(
            "template_matches",
            "Queries that a template answered.",
            "server",
            site.server(),
            "zone",
            values.zone().toString(),
            "view",
            "",
            "class",
            "IN",
            "type",
            RecordType.text(template.type()))
        .increment();
    List<String> problems = new ArrayList<>();
    DnsMessage answer =
        query
            .authoritativeReply(template.rcode())
            .withAnswers(records(template.answers(), values, problems))
            .withAdditional(records(template.additional(), values, problems))
            .withAuthority(records(template.authority(), values, problems));
    if (!problems.isEmpty() || template.rcode() == Rcode.SERVFAIL) {
      return query.reply(Rcode.SERVFAIL);
    }
    return answer;
  }

  private static List<ResourceRecord> records(
      List<RecordTemplate> templates, RecordTemplate.Values values, List<String> problems) {
    List<ResourceRecord> records = new ArrayList<>();
    for (RecordTemplate each : templates) {
      records.addAll(MasterFile.read(each.text(values), DnsName.ROOT, problems));
    }
    return records;
  }
}
