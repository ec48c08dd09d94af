package io.podwire.dns.rewrite;

import io.podwire.dns.handler.Query;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.ResourceRecord;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rules for other things than names. */
final class OtherRules {
  private OtherRules() {}

  /** Another type in place of the one asked for. */
  record TypeRule(int from, int to, boolean goesOn) implements Rule {
    @Override
    public @Nullable Rewritten apply(Query query) {
      if (query.type() != from) {
        return null;
      }
      Question question = new Question(query.name(), to, query.question().dnsClass());
      return new Rewritten(
          query.withMessage(query.message().withQuestions(List.of(question))), answer -> answer);
    }
  }

  /** Another TTL in answers to a name. */
  record TtlRule(NameMatch names, long least, long most, boolean goesOn) implements Rule {
    @Override
    public @Nullable Rewritten apply(Query query) {
      return names.apply(query.name().toString().toLowerCase(Locale.ROOT)) == null
          ? null
          : new Rewritten(query, this::changed);
    }

    private DnsMessage changed(DnsMessage answer) {
      return answer
          .withAnswers(lasting(answer.answers()))
          .withAuthority(lasting(answer.authority()));
    }

    private List<ResourceRecord> lasting(List<ResourceRecord> records) {
      return records.stream()
          .map(each ->
              new ResourceRecord(
                  each.name(),
                  each.dnsClass(),
                  Math.min(Math.max(each.ttl(), least), most),
                  each.data()))
          .toList();
    }
  }
}
