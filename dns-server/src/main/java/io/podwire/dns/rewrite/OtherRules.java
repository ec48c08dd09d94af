package io.podwire.dns.rewrite;

import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Rest;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.ResourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Rules for other things than names. */
final class OtherRules {
  private OtherRules() {}

  /** Another type in place of the one asked for. */
  record TypeRule(int from, int to, boolean goesOn) implements Rule {
    @Override
    public @Nullable Rewritten apply(Query query) {
      return query.type() == from
          ? asking(query, new Question(query.name(), to, query.question().dnsClass()))
          : null;
    }
  }

  /** Another class in place of the one asked for. */
  record ClassRule(int from, int to, boolean goesOn) implements Rule {
    @Override
    public @Nullable Rewritten apply(Query query) {
      return query.question().dnsClass() == from
          ? asking(query, new Question(query.name(), query.type(), to))
          : null;
    }
  }

  private static Rule.Rewritten asking(Query query, Question question) {
    return new Rule.Rewritten(
        query.withMessage(query.message().withQuestions(List.of(question))),
        Rule.AnswerChange.none());
  }

  private static boolean isFor(NameMatch names, Query query) {
    return names.apply(query.name().toString().toLowerCase(Locale.ROOT)) != null;
  }

  /** Another TTL in answers to a name. */
  record TtlRule(NameMatch names, long least, long most, boolean goesOn) implements Rule {
    @Override
    public @Nullable Rewritten apply(Query query) {
      return isFor(names, query) ? new Rewritten(query, AnswerChange.now(this::changed)) : null;
    }

    private DnsMessage changed(DnsMessage answer) {
      return answer
          .withAnswers(lasting(answer.answers()))
          .withAuthority(lasting(answer.authority()))
          .withAdditional(lasting(answer.withoutEdns().additional()));
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

  /** Another rcode in answers to a name. */
  record RcodeRule(NameMatch names, int from, int to, boolean goesOn) implements Rule {
    @Override
    public @Nullable Rewritten apply(Query query) {
      return isFor(names, query) ? new Rewritten(query, AnswerChange.now(this::changed)) : null;
    }

    private DnsMessage changed(DnsMessage answer) {
      if (answer.rcode() != from) {
        return answer;
      }
      DnsMessage plain = answer.withoutEdns().withHeader(answer.header().withRcode(to));
      // Its upper bits are EDNS's.
      return to > 15 ? plain.withEdns(Edns.of(0).withExtendedRcode(to)) : plain;
    }
  }

  /** Another target of the aliases in an answer, and that target's records behind it. */
  record CnameRule(NameMatch targets, boolean goesOn) implements Rule {
    @Override
    public Rewritten apply(Query query) {
      return new Rewritten(query, (answer, rest) -> changed(query, answer, rest));
    }

    private CompletionStage<DnsMessage> changed(Query query, DnsMessage answer, Rest rest) {
      List<ResourceRecord> kept = new ArrayList<>();
      for (ResourceRecord each : answer.answers()) {
        if (!(each.data() instanceof Rdata.Cname alias)) {
          continue;
        }
        String other = targets.apply(alias.target().toString().toLowerCase(Locale.ROOT));
        Optional<DnsName> target = Optional.ofNullable(other).flatMap(DnsName::tryParse);
        if (target.isEmpty()) {
          kept.add(each);
          continue;
        }
        kept.add(
            new ResourceRecord(
                each.name(), each.dnsClass(), each.ttl(), new Rdata.Cname(target.get())));
        return rest.fromStart(query.follow(target.get()))
            .thenApply(found -> joined(answer, kept, found));
      }
      return CompletableFuture.completedFuture(answer);
    }

    private static DnsMessage joined(
        DnsMessage answer, List<ResourceRecord> aliases, DnsMessage found) {
      List<ResourceRecord> records = new ArrayList<>(aliases);
      if (found.rcode() == Rcode.NOERROR) {
        records.addAll(found.answers());
      }
      return answer
          .withHeader(answer.header().withTruncated(found.header().isTruncated()))
          .withAnswers(records);
    }
  }
}
