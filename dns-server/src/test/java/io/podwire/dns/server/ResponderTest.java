package io.podwire.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.DnsHandler;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.packet.dns.DnsHeader;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordClass;
import io.podwire.packet.dns.RecordType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ResponderTest {
  private static final DnsMessage QUERY =
      DnsMessage.query(0x1234, Question.of(DnsName.parse("WWW.test"), RecordType.A));

  private final DnsCounters counters = new DnsCounters();

  private Optional<DnsMessage> respond(byte[] octets, DnsHandler... handlers) {
    Responder responder = new Responder(new HandlerChain(List.of(handlers)), counters, 1232);
    return responder
        .respond(ByteBuffer.wrap(octets), new InetSocketAddress(1), Responder.Transport.UDP)
        .toCompletableFuture()
        .join()
        .map(wire -> {
          byte[] copy = new byte[wire.remaining()];
          wire.get(copy);
          return LoopbackServer.message(copy);
        });
  }

  private DnsMessage respond(DnsMessage query, DnsHandler... handlers) {
    return respond(LoopbackServer.octets(query), handlers).orElseThrow();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  @Test
  void shouldDropWhatMustNotBeAnswered() {
    assertThat(respond(new byte[11])).isEmpty();
    assertThat(respond(new byte[0])).isEmpty();
    assertThat(respond(LoopbackServer.octets(QUERY.reply(0)))).isEmpty();

    assertThat(counters.get("dropped.short_header")).isEqualTo(2);
    assertThat(counters.get("dropped.response")).isEqualTo(1);
  }

  @Test
  void shouldSayFormerrWithTheIdOfAMalformedQuery() {
    DnsMessage answer = respond(hex("abcd 0100 0001 0000 0000 0000 05 61")).orElseThrow();

    assertThat(answer.header().id()).isEqualTo(0xabcd);
    assertThat(answer.header().isResponse()).isTrue();
    assertThat(answer.rcode()).isEqualTo(Rcode.FORMERR);
    assertThat(answer.questions()).isEmpty();
    assertThat(counters.get("malformed.truncated")).isEqualTo(1);
  }

  @Test
  void shouldWantExactlyOneQuestion() {
    assertThat(respond(hex("abcd 0100 0000 0000 0000 0000")).orElseThrow().rcode())
        .isEqualTo(Rcode.FORMERR);
    Question question = QUERY.questions().get(0);
    assertThat(respond(QUERY.withQuestions(List.of(question, question))).rcode())
        .isEqualTo(Rcode.FORMERR);
  }

  @Test
  void shouldNotLookIntoOtherOpcodes() {
    // An UPDATE (opcode 5) whose body would be malformed as a query.
    DnsMessage answer = respond(hex("abcd 2800 0001 0001 0000 0000 ff")).orElseThrow();

    assertThat(answer.rcode()).isEqualTo(Rcode.NOTIMP);
    assertThat(answer.header().opcode()).isEqualTo(5);
  }

  @Test
  void shouldRefuseVersionsOfEdnsToCome() {
    DnsMessage answer = respond(QUERY.withEdns(new Edns(1232, 0, 1, 0, List.of())));

    assertThat(answer.rcode()).isEqualTo(Rcode.BADVERS);
    assertThat(answer.edns().orElseThrow().version()).isZero();
  }

  @Test
  void shouldRefuseWhatNoHandlerAnswers() {
    assertThat(respond(QUERY).rcode()).isEqualTo(Rcode.REFUSED);
    assertThat(
            respond(
                    QUERY.withQuestions(
                        List.of(
                            new Question(
                                DnsName.parse("version.bind"), RecordType.TXT, RecordClass.CH))),
                    (query, rest) -> {
                      throw new AssertionError("another class reached a handler");
                    })
                .rcode())
        .isEqualTo(Rcode.REFUSED);
  }

  @Test
  void shouldFailWhereAHandlerFails() {
    DnsMessage thrown =
        respond(
            QUERY,
            (query, rest) -> {
              throw new IllegalStateException("on purpose");
            });
    DnsMessage failed =
        respond(
            QUERY,
            (query, rest) ->
                CompletableFuture.failedFuture(new IllegalStateException("on purpose")));

    assertThat(thrown.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(failed.rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(counters.get("failures")).isEqualTo(2);
  }

  @Test
  void shouldSpeakEdnsToThoseWhoDoAlone() {
    DnsHandler handler =
        (query, rest) ->
            CompletableFuture.completedFuture(
                query.reply(0).withEdns(new Edns(4096, 0, 0, 0xffff, List.of())));

    assertThat(respond(QUERY, handler).edns()).isEmpty();
    assertThat(
            respond(QUERY.withEdns(new Edns(4096, 0, 0, Edns.DNSSEC_OK | 1, List.of())), handler)
                .edns())
        .contains(new Edns(1232, 0, 0, Edns.DNSSEC_OK, List.of()));
  }

  @Test
  void shouldKeepTheCaseAndFlagsOfTheQuestion() {
    DnsMessage answer =
        respond(
            QUERY.withHeader(new DnsHeader(7, 0x0010)),
            (query, rest) -> CompletableFuture.completedFuture(query.reply(0)));

    assertThat(answer.questions()).hasToString("[WWW.test. IN A]");
    assertThat(answer.header().isRecursionDesired()).isFalse();
    assertThat(answer.header().isCheckingDisabled()).isTrue();
    assertThat(answer.header().isRecursionAvailable()).isFalse();
  }
}
