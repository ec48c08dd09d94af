package io.podwire.dns.server;

import io.podwire.dns.handler.Delivery;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.handler.Interception;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Reuse;
import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsHeader;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Opcode;
import io.podwire.packet.dns.PlainQuery;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the octets of a query into those of its response, by way of the handlers.
 *
 * <p>Octets without a readable header and responses are dropped, so that two servers never answer
 * each other; everything else is answered, FORMERR if need be. Thread-safe.
 */
public final class Responder {

  /** How a message came, which decides how large its response may be. */
  public enum Transport {
    UDP,
    TCP
  }

  private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

  private final Interception interception;
  private final DnsCounters counters;
  private final int udpPayload;
  private final String server;
  private final Cookies cookies = Cookies.random();
  private volatile Routes routes;

  /** Nobody in the chain wants to see queries whose answers are ready. */
  public Responder(HandlerChain chain, DnsCounters counters, int udpPayload) {
    this(chain, Interception.NONE, counters, udpPayload);
  }

  /** With somebody in the chain who may. */
  public Responder(
      HandlerChain chain, Interception interception, DnsCounters counters, int udpPayload) {
    this(Routes.all(chain), interception, counters, udpPayload, "dns://");
  }

  /**
   * With a chain for each zone.
   *
   * @param server the listener's name in metrics and logs
   */
  public Responder(
      Routes routes,
      Interception interception,
      DnsCounters counters,
      int udpPayload,
      String server) {
    this.routes = routes;
    this.interception = interception;
    this.counters = counters;
    this.udpPayload = udpPayload;
    this.server = server;
  }

  /** From now on others answer; queries under way stay with those that they began with. */
  public void route(Routes others) {
    routes = others;
  }

  /** The very ones that answer now. */
  Routes routes() {
    return routes;
  }

  Interception interception() {
    return interception;
  }

  /** The response, or nothing where there must be none; never completes with a failure. */
  public CompletionStage<Optional<ByteBuffer>> respond(
      ByteBuffer octets, InetSocketAddress client, Transport transport) {
    return respond(octets, client, transport, new Reuse());
  }

  /** As above, for one who wants to know whether the answer may be given again. */
  CompletionStage<Optional<ByteBuffer>> respond(
      ByteBuffer octets, InetSocketAddress client, Transport transport, Reuse reuse) {
    counters.increment("queries." + transport.name().toLowerCase(Locale.ROOT));
    if (octets.remaining() < DnsHeader.LENGTH) {
      return dropped("dropped.short_header");
    }
    int start = octets.position();
    DnsHeader header =
        new DnsHeader(octets.getShort(start) & 0xffff, octets.getShort(start + 2) & 0xffff);
    if (header.isResponse()) {
      return dropped("dropped.response");
    }
    if (header.opcode() != Opcode.QUERY) {
      // Other opcodes have formats of their own, so they are not looked into.
      return completed(bare(header, Rcode.NOTIMP));
    }
    return switch (DnsCodec.decode(octets)) {
      case Decoded.Malformed malformed -> {
        counters.increment("malformed." + malformed.defect().name().toLowerCase(Locale.ROOT));
        yield completed(bare(header, Rcode.FORMERR));
      }
      case Decoded.Valid valid -> {
        Delivery delivery =
            transport == Transport.UDP ? Delivery.overUdp(server) : Delivery.overTcp(server);
        yield answer(valid.message(), client, reuse, delivery)
            .handle((answer, failure) -> {
              String dropped = delivery.dropped();
              if (dropped != null) {
                counters.increment(dropped);
                return Optional.empty();
              }
              DnsMessage whole = answer;
              if (failure != null) {
                LOG.error("{} failed", valid.message().questions(), failure);
                counters.increment("failures");
                whole = valid.message().reply(Rcode.SERVFAIL);
              }
              DnsMessage response = finish(valid.message(), whole, delivery);
              counters.increment("rcode." + Rcode.text(response.rcode()));
              return Optional.of(
                  DnsCodec.encode(response, maxSize(valid.message(), transport, delivery)));
            });
      }
    };
  }

  /**
   * What is to be given again to plain queries such as this one, whose answer may be.
   *
   * <p>Asked of the handlers once more in lower case, and in capitals if the query has any, so that
   * there is one truth for every case.
   *
   * @return null where the answer cannot be given again
   */
  @Nullable ReadyAnswer ready(PlainQuery query, InetSocketAddress client) {
    Reuse reuse = new Reuse();
    DnsMessage answer = answerNow(query.lowerQuestion(), client, reuse);
    if (answer == null) {
      return null;
    }
    DnsMessage inCapitals = null;
    if (query.hasCapitals()) {
      Reuse other = new Reuse();
      inCapitals = answerNow(query.capitalQuestion(), client, other);
      reuse.onlyWhile(other.condition());
    }
    return ReadyAnswer.of(query, answer, inCapitals, reuse);
  }

  /** The answer to a question without flags; null where it must not be given again. */
  private @Nullable DnsMessage answerNow(Question question, InetSocketAddress client, Reuse reuse) {
    DnsMessage query =
        new DnsMessage(new DnsHeader(0, 0), List.of(question), List.of(), List.of(), List.of());
    Delivery delivery = Delivery.inside();
    CompletableFuture<DnsMessage> answer =
        answer(query, client, reuse, delivery).toCompletableFuture();
    return reuse.isPermitted() && answer.isDone() && !answer.isCompletedExceptionally()
        ? finish(query, answer.join(), delivery)
        : null;
  }

  private CompletionStage<DnsMessage> answer(
      DnsMessage query, InetSocketAddress client, Reuse reuse, Delivery delivery) {
    // As CoreDNS's library: what no query has many of is not looked into.
    if (query.questions().size() != 1
        || query.answers().size() > 1
        || query.authority().size() > 1
        || query.additional().size() > 2) {
      return CompletableFuture.completedFuture(query.reply(Rcode.FORMERR));
    }
    Optional<Edns> edns = query.edns();
    if (edns.isPresent() && edns.get().version() != 0) {
      DnsMessage reply = query.reply(Rcode.BADVERS);
      return CompletableFuture.completedFuture(
          reply.withEdns(Edns.of(udpPayload).withExtendedRcode(Rcode.BADVERS)));
    }
    if (edns.isPresent() && !cookies.answer(edns.get(), client, delivery)) {
      return CompletableFuture.completedFuture(query.reply(Rcode.FORMERR));
    }
    int type = query.questions().get(0).type();
    Routes now = routes;
    if (!now.takes(query.questions().get(0).dnsClass())
        || type == RecordType.AXFR
        || type == RecordType.IXFR) {
      return CompletableFuture.completedFuture(query.reply(Rcode.REFUSED));
    }
    try {
      return now.answer(Query.of(query, client, reuse, delivery));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Whatever a handler says, the response belongs to the query and speaks its EDNS. */
  private DnsMessage finish(DnsMessage query, DnsMessage answer, Delivery delivery) {
    int rcode = answer.rcode();
    Optional<Edns> edns = query.edns();
    if (rcode > 15 && edns.isEmpty()) {
      rcode = Rcode.SERVFAIL;
    }
    DnsMessage response =
        answer
            .withoutEdns()
            .withHeader(answer.header().withId(delivery.id(query.header().id())).withRcode(rcode))
            .withQuestions(query.questions());
    if (edns.isEmpty()) {
      return response;
    }
    int flags = edns.get().flags() & Edns.DNSSEC_OK;
    return response.withEdns(
        new Edns(delivery.limitOr(udpPayload), 0, 0, flags, delivery.options())
            .withExtendedRcode(rcode));
  }

  private int maxSize(DnsMessage query, Transport transport, Delivery delivery) {
    if (transport == Transport.TCP) {
      return DnsCodec.MAX_MESSAGE;
    }
    // RFC 6891, section 6.2.3: sizes below 512 are to be read as 512.
    int taken = query.edns().map(Edns::payloadSize).orElse(0);
    return Math.max(DnsCodec.MAX_PLAIN_UDP, Math.min(taken, delivery.limitOr(udpPayload)));
  }

  private DnsMessage bare(DnsHeader header, int rcode) {
    counters.increment("rcode." + Rcode.text(rcode));
    return new DnsMessage(
        header.reply().withRcode(rcode), List.of(), List.of(), List.of(), List.of());
  }

  private CompletionStage<Optional<ByteBuffer>> completed(DnsMessage response) {
    return CompletableFuture.completedFuture(
        Optional.of(DnsCodec.encode(response, DnsCodec.MAX_PLAIN_UDP)));
  }

  private CompletionStage<Optional<ByteBuffer>> dropped(String reason) {
    counters.increment(reason);
    return CompletableFuture.completedFuture(Optional.empty());
  }
}
