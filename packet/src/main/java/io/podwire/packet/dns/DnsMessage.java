package io.podwire.packet.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A DNS message (RFC 1035, section 4); the OPT record, where there is one, is among the additional
 * records.
 *
 * <p>Immutable and thread-safe.
 */
public record DnsMessage(
    DnsHeader header,
    List<Question> questions,
    List<ResourceRecord> answers,
    List<ResourceRecord> authority,
    List<ResourceRecord> additional) {

  public DnsMessage {
    questions = List.copyOf(questions);
    answers = List.copyOf(answers);
    authority = List.copyOf(authority);
    additional = List.copyOf(additional);
  }

  /** A question with recursion desired. */
  public static DnsMessage query(int id, Question question) {
    return new DnsMessage(DnsHeader.query(id), List.of(question), List.of(), List.of(), List.of());
  }

  /** An empty response to it, with the same questions. */
  public DnsMessage reply(int rcode) {
    return new DnsMessage(
        header.reply().withRcode(rcode), questions, List.of(), List.of(), List.of());
  }

  /** What the OPT record says. */
  public Optional<Edns> edns() {
    return additional.stream().flatMap(each -> Edns.of(each).stream()).findFirst();
  }

  /** The whole {@link Rcode}, with EDNS's upper bits. */
  public int rcode() {
    return edns().map(Edns::extendedRcode).orElse(0) << 4 | header.rcode();
  }

  public DnsMessage withHeader(DnsHeader other) {
    return new DnsMessage(other, questions, answers, authority, additional);
  }

  public DnsMessage withQuestions(List<Question> others) {
    return new DnsMessage(header, others, answers, authority, additional);
  }

  public DnsMessage withAnswers(List<ResourceRecord> others) {
    return new DnsMessage(header, questions, others, authority, additional);
  }

  public DnsMessage withAuthority(List<ResourceRecord> others) {
    return new DnsMessage(header, questions, answers, others, additional);
  }

  public DnsMessage withAdditional(List<ResourceRecord> others) {
    return new DnsMessage(header, questions, answers, authority, others);
  }

  /** With this OPT record at the end instead of any other. */
  public DnsMessage withEdns(Edns edns) {
    List<ResourceRecord> records = new ArrayList<>(withoutEdns().additional);
    records.add(edns.toRecord());
    return withAdditional(records);
  }

  public DnsMessage withoutEdns() {
    return withAdditional(
        additional.stream().filter(each -> each.type() != RecordType.OPT).toList());
  }
}
