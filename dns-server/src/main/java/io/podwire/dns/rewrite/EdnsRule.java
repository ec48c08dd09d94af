package io.podwire.dns.rewrite;

import io.podwire.dns.handler.Query;
import io.podwire.packet.Octets;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Rdata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An EDNS option that questions go on with, such as the client's subnet (RFC 7871).
 *
 * <p>What was put into a question is in its answer too, as the client may know it, unless it is
 * taken back.
 *
 * @param content of the option; null where there is nothing to say, which leaves the query alone
 * @param takesBack whether answers have what the client sent, and not what stands in its place
 */
record EdnsRule(
    Action action,
    int code,
    Function<Query, @Nullable Octets> content,
    boolean takesBack,
    boolean goesOn)
    implements Rule {

  /** What to do about an option. */
  enum Action {
    /** In place of one that is there, and else added. */
    SET,
    /** Only where there is none. */
    APPEND,
    /** Only in place of one that is there. */
    REPLACE,
    /** Takes it out. */
    UNSET
  }

  /** What CoreDNS says that it takes, where the client says nothing. */
  private static final int PAYLOAD = 4096;

  @Override
  public @Nullable Rewritten apply(Query query) {
    Edns edns = query.message().edns().orElseGet(() -> Edns.of(PAYLOAD));
    Optional<Rdata.Opt.Option> before =
        edns.options().stream().filter(each -> each.code() == code).findFirst();
    if (action == Action.UNSET) {
      return with(query, edns, Optional.empty(), AnswerChange.none());
    }
    if (before.isPresent() ? action == Action.APPEND : action == Action.REPLACE) {
      return null;
    }
    Octets octets = content.apply(query);
    if (octets == null) {
      return null;
    }
    Rdata.Opt.Option option = new Rdata.Opt.Option(code, octets);
    Optional<Rdata.Opt.Option> answered = takesBack ? before : Optional.of(option);
    return with(
        query,
        edns,
        Optional.of(option),
        AnswerChange.now(answer -> {
          query.delivery().options().removeIf(each -> each.code() == code);
          answered.ifPresent(query.delivery()::option);
          return answer;
        }));
  }

  private Rewritten with(
      Query query, Edns edns, Optional<Rdata.Opt.Option> option, AnswerChange change) {
    List<Rdata.Opt.Option> options = new ArrayList<>(edns.options());
    options.removeIf(each -> each.code() == code);
    option.ifPresent(options::add);
    Edns changed =
        new Edns(edns.payloadSize(), edns.extendedRcode(), edns.version(), edns.flags(), options);
    return new Rewritten(query.withMessage(query.message().withEdns(changed)), change);
  }
}
