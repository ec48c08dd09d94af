package io.podwire.dns.handler;

import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A question on its way through the chain.
 *
 * @param message holds exactly one question, of the Internet class but where somebody takes others
 * @param client who asked
 * @param aliases how many aliases were followed before this question came up
 * @param reuse takes what handlers say about giving the answer again
 * @param delivery takes what handlers want of the way in which the answer goes out
 */
public record Query(
    DnsMessage message, InetSocketAddress client, int aliases, Reuse reuse, Delivery delivery) {

  /** As it came from a client. */
  public static Query of(DnsMessage message, InetSocketAddress client) {
    return of(message, client, new Reuse(), Delivery.overUdp());
  }

  /** As it came from a client, with somebody who wants to know what is said of its answer. */
  public static Query of(
      DnsMessage message, InetSocketAddress client, Reuse reuse, Delivery delivery) {
    return new Query(message, client, 0, reuse, delivery);
  }

  public Question question() {
    return message.questions().get(0);
  }

  public DnsName name() {
    return question().name();
  }

  public int type() {
    return question().type();
  }

  /** The same client's question for the target of an alias; what is said of it is its own. */
  public Query follow(DnsName target) {
    return new Query(
        message.withQuestions(List.of(Question.of(target, type()))),
        client,
        aliases + 1,
        new Reuse(),
        Delivery.inside());
  }

  /** Another question in place of this one, on the same way to the same client. */
  public Query withMessage(DnsMessage other) {
    return new Query(other, client, aliases, reuse, delivery);
  }

  /** Another question that a handler asks on its own. */
  public Query inside(Question question) {
    return new Query(
        message.withQuestions(List.of(question)), client, aliases, new Reuse(), Delivery.inside());
  }

  /** The same question, whose answer is for this once, whatever is said of it. */
  public Query onceOnly() {
    return new Query(message, client, aliases, new Reuse(), delivery);
  }

  /** An empty response; as CoreDNS, without RA, which only an upstream can claim. */
  public DnsMessage reply(int rcode) {
    return message.reply(rcode);
  }

  /** An empty response of an authority. */
  public DnsMessage authoritativeReply(int rcode) {
    DnsMessage reply = reply(rcode);
    return reply.withHeader(reply.header().withAuthoritative(true));
  }
}
