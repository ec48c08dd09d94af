package io.podwire.packet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import io.podwire.packet.Octets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** What dnsjava reads of our octets, and we of its own, must mean the same. */
class DnsjavaOracleTest {

  @Test
  void shouldBeReadAlikeByDnsjava() {
    qt().withExamples(1000)
        .forAll(messages())
        .checkAssert(message -> {
          Message theirs = parsed(DnsCodec.encode(message, DnsCodec.MAX_MESSAGE));
          assertThat(theirs.getHeader().getID()).isEqualTo(message.header().id());
          assertThat(theirs.getHeader().getOpcode()).isEqualTo(message.header().opcode());
          assertThat(theirs.getHeader().getFlag(Flags.TC))
              .isEqualTo(message.header().isTruncated());
          assertThat(wire(theirs.getSection(Section.ANSWER))).isEqualTo(ours(message.answers()));
          assertThat(wire(theirs.getSection(Section.AUTHORITY)))
              .isEqualTo(ours(message.authority()));
          assertThat(wire(theirs.getSection(Section.ADDITIONAL)))
              .isEqualTo(ours(message.additional()));
        });
  }

  @Test
  void shouldReadWhatDnsjavaWrites() {
    qt().withExamples(1000)
        .forAll(messages())
        .checkAssert(message -> {
          Message theirs = parsed(DnsCodec.encode(message, DnsCodec.MAX_MESSAGE));
          // Written anew by dnsjava, compressed in its own way (and without case).
          Decoded decoded = DnsCodec.decode(ByteBuffer.wrap(theirs.toWire()));
          assertThat(decoded).isEqualTo(new Decoded.Valid(message));
        });
  }

  @Test
  void shouldShareTheMeaningOfEdns() throws IOException {
    Message theirs = Message.newQuery(Record.newRecord(name("a.b."), 1, 1));
    theirs.addRecord(new OPTRecord(1232, 0, 1, 0x8000), Section.ADDITIONAL);

    Decoded decoded = DnsCodec.decode(ByteBuffer.wrap(theirs.toWire()));

    Edns edns = ((Decoded.Valid) decoded).message().edns().orElseThrow();
    assertThat(edns.payloadSize()).isEqualTo(1232);
    assertThat(edns.version()).isEqualTo(1);
  }

  /** dnsjava knows one question only, and no TXT without a string. */
  private static Gen<DnsMessage> messages() {
    return DnsGenerators.messages()
        .zip(
            DnsGenerators.names(),
            (message, name) ->
                message
                    .withQuestions(List.of(Question.of(name, RecordType.A)))
                    .withAnswers(plain(message.answers()))
                    .withAuthority(plain(message.authority()))
                    .withAdditional(plain(message.additional())));
  }

  private static List<ResourceRecord> plain(List<ResourceRecord> records) {
    return records.stream()
        .filter(each -> !(each.data() instanceof Rdata.Txt txt && txt.strings().isEmpty()))
        // RFC 2181, section 8: it takes a TTL with the first bit set for 0, even in OPT.
        .map(each ->
            new ResourceRecord(
                each.name(), each.dnsClass(), each.ttl() & 0x7fff_ffffL, each.data()))
        .toList();
  }

  private static Message parsed(ByteBuffer wire) {
    byte[] octets = new byte[wire.remaining()];
    wire.get(octets);
    try {
      return new Message(octets);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static org.xbill.DNS.Name name(String text) throws IOException {
    return org.xbill.DNS.Name.fromString(text);
  }

  private static List<Octets> wire(List<Record> records) {
    return records.stream().map(each -> Octets.of(each.toWireCanonical())).toList();
  }

  /** Our records in dnsjava's canonical form, by way of a message of that record alone. */
  private static List<Octets> ours(List<ResourceRecord> records) {
    return records.stream()
        .map(each ->
            parsed(
                    DnsCodec.encode(
                        new DnsMessage(
                            new DnsHeader(0, 0), List.of(), List.of(), List.of(), List.of(each)),
                        DnsCodec.MAX_MESSAGE))
                .getSection(Section.ADDITIONAL)
                .get(0))
        .map(each -> Octets.of(each.toWireCanonical()))
        .toList();
  }
}
