package io.podwire.dns.rewrite;

import io.podwire.dns.handler.Query;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.ResourceRecord;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Another name in place of the one asked for; records of the new one come back under the old.
 *
 * @param automatic whether names in answers are turned back as far as that can be told
 * @param answerNames what is made of the records' names besides
 * @param answerValues what is made of the names in their data
 */
record NameRule(
    NameMatch match,
    boolean goesOn,
    boolean automatic,
    List<NameMatch> answerNames,
    List<NameMatch> answerValues)
    implements Rule {

  @Override
  public @Nullable Rewritten apply(Query query) {
    String other = match.apply(query.name().toString().toLowerCase(Locale.ROOT));
    Optional<DnsName> name = other == null ? Optional.empty() : DnsName.tryParse(other);
    if (name.isEmpty()) {
      return null;
    }
    DnsName asked = query.name();
    DnsMessage message =
        query
            .message()
            .withQuestions(
                List.of(new Question(name.get(), query.type(), query.question().dnsClass())));
    return new Rewritten(query.withMessage(message), answer -> changed(answer, name.get(), asked));
  }

  private DnsMessage changed(DnsMessage answer, DnsName rewritten, DnsName asked) {
    return answer
        .withAnswers(changed(answer.answers(), rewritten, asked))
        .withAuthority(changed(answer.authority(), rewritten, asked))
        .withAdditional(changed(answer.additional(), rewritten, asked));
  }

  private List<ResourceRecord> changed(
      List<ResourceRecord> records, DnsName rewritten, DnsName asked) {
    return records.stream()
        .map(each ->
            new ResourceRecord(
                owner(each.name(), rewritten, asked),
                each.dnsClass(),
                each.ttl(),
                data(each.data())))
        .toList();
  }

  private DnsName owner(DnsName name, DnsName rewritten, DnsName asked) {
    if (name.equals(rewritten)) {
      return asked;
    }
    for (NameMatch each : answerNames) {
      DnsName other = other(each, name);
      if (other != null) {
        return other;
      }
    }
    NameMatch back = automatic ? match.back() : null;
    DnsName turned = back == null ? null : other(back, name);
    return turned == null ? name : turned;
  }

  private static @Nullable DnsName other(NameMatch match, DnsName name) {
    String text = match.apply(name.toString().toLowerCase(Locale.ROOT));
    return text == null ? null : DnsName.tryParse(text).orElse(null);
  }

  private DnsName value(DnsName name) {
    for (NameMatch each : answerValues) {
      DnsName other = other(each, name);
      if (other != null) {
        return other;
      }
    }
    NameMatch back = automatic ? match.back() : null;
    DnsName turned = back == null ? null : other(back, name);
    return turned == null ? name : turned;
  }

  private Rdata data(Rdata data) {
    return switch (data) {
      case Rdata.Cname cname -> new Rdata.Cname(value(cname.target()));
      case Rdata.Ns ns -> new Rdata.Ns(value(ns.server()));
      case Rdata.Ptr ptr -> new Rdata.Ptr(value(ptr.target()));
      case Rdata.Mx mx -> new Rdata.Mx(mx.preference(), value(mx.exchange()));
      case Rdata.Srv srv ->
          new Rdata.Srv(srv.priority(), srv.weight(), srv.port(), value(srv.target()));
      default -> data;
    };
  }
}
