package io.podwire.dns.rewrite;

import io.podwire.dns.handler.Query;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Another name in place of the one asked for.
 *
 * @param remaps whether the new name, and names below it, come back as the old one
 * @param answerNames what is made of the records' owners besides
 * @param answerValues what is made of the names in their data besides
 */
record NameRule(
    NameMatch match,
    boolean goesOn,
    boolean remaps,
    List<NameMatch> answerNames,
    List<NameMatch> answerValues)
    implements Rule {

  @Override
  public @Nullable Rewritten apply(Query query) {
    String other = match.apply(text(query.name()));
    if (other == null) {
      return null;
    }
    Optional<DnsName> name = DnsName.tryParse(other);
    if (name.isEmpty()) {
      throw new NoName("'" + other + "' is no name to ask for in place of " + query.name());
    }
    DnsName asked = query.name();
    DnsMessage message =
        query
            .message()
            .withQuestions(
                List.of(new Question(name.get(), query.type(), query.question().dnsClass())));
    List<NameMatch> names = new ArrayList<>(answerNames);
    List<NameMatch> values = new ArrayList<>(answerValues);
    if (remaps) {
      NameMatch back = new NameMatch.Domain(text(name.get()), text(asked));
      // Rules for answers are applied in the reverse order, this one after those that are written.
      names.add(0, back);
      values.add(0, back);
    }
    return new Rewritten(
        query.withMessage(message),
        AnswerChange.now(answer -> changed(answer, names, values, asked)));
  }

  private static String text(DnsName name) {
    return name.toString().toLowerCase(Locale.ROOT);
  }

  private static DnsMessage changed(
      DnsMessage answer, List<NameMatch> names, List<NameMatch> values, DnsName asked) {
    UnaryOperator<List<ResourceRecord>> change =
        records ->
            records.stream()
                .map(each ->
                    new ResourceRecord(
                        inItsCase(changed(each.name(), names), asked),
                        each.dnsClass(),
                        each.ttl(),
                        data(each.data(), values)))
                .toList();
    return answer
        .withAnswers(change.apply(answer.answers()))
        .withAuthority(change.apply(answer.authority()))
        .withAdditional(change.apply(answer.additional()));
  }

  /** As the client wrote it. */
  private static DnsName inItsCase(DnsName name, DnsName asked) {
    return name.equals(asked) ? asked : name;
  }

  private static DnsName changed(DnsName name, List<NameMatch> matches) {
    DnsName now = name;
    for (int i = matches.size() - 1; i >= 0; i--) {
      String other = matches.get(i).apply(text(now));
      now = other == null ? now : DnsName.tryParse(other).orElse(now);
    }
    return now;
  }

  private static Rdata data(Rdata data, List<NameMatch> values) {
    if (values.isEmpty()) {
      return data;
    }
    return switch (data) {
      case Rdata.Cname cname -> new Rdata.Cname(changed(cname.target(), values));
      case Rdata.Ns ns -> new Rdata.Ns(changed(ns.server(), values));
      case Rdata.Ptr ptr -> new Rdata.Ptr(changed(ptr.target(), values));
      case Rdata.Mx mx -> new Rdata.Mx(mx.preference(), changed(mx.exchange(), values));
      case Rdata.Srv srv ->
          new Rdata.Srv(srv.priority(), srv.weight(), srv.port(), changed(srv.target(), values));
      case Rdata.Soa soa ->
          new Rdata.Soa(
              changed(soa.primary(), values),
              soa.mailbox(),
              soa.serial(),
              soa.refresh(),
              soa.retry(),
              soa.expire(),
              soa.minimum());
      default -> data;
    };
  }
}
