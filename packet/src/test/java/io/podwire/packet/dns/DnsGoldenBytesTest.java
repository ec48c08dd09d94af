package io.podwire.packet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsGoldenBytesTest {

  /** The answer to {@code web.demo.svc.cluster.local A}, written out by hand from RFC 1035. */
  private static final String ANSWER =
      "1234 8580 0001 0001 0000 0001"
          + "03 776562 04 64656d6f 03 737663 07 636c7573746572 05 6c6f63616c 00 0001 0001"
          + "c00c 0001 0001 00000005 0004 0a600001"
          + "00 0029 04d0 00008000 0000";

  /** RFC 1035's own example of compression: F.ISI.ARPA, FOO.F.ISI.ARPA, ARPA and the root. */
  private static final String COMPRESSED =
      "0001 0000 0004 0000 0000 0000"
          + "01 46 03 495349 04 41525041 00 0001 0001"
          + "03 464f4f c00c 0001 0001"
          + "c012 0001 0001"
          + "00 0001 0001";

  @Test
  void shouldReadAnAnswerWithEdns() {
    DnsMessage message = valid(ANSWER);

    assertThat(message.header().id()).isEqualTo(0x1234);
    assertThat(message.header().isResponse()).isTrue();
    assertThat(message.header().isAuthoritative()).isTrue();
    assertThat(message.header().isTruncated()).isFalse();
    assertThat(message.header().isRecursionDesired()).isTrue();
    assertThat(message.header().isRecursionAvailable()).isTrue();
    assertThat(message.questions()).hasToString("[web.demo.svc.cluster.local. IN A]");
    assertThat(message.answers()).hasToString("[web.demo.svc.cluster.local. 5 IN A 10.96.0.1]");
    Edns edns = message.edns().orElseThrow();
    assertThat(edns.payloadSize()).isEqualTo(1232);
    assertThat(edns.version()).isZero();
    assertThat(edns.isDnssecOk()).isTrue();
  }

  @Test
  void shouldWriteTheSameOctets() {
    assertThat(hex(DnsCodec.encode(valid(ANSWER), 512))).isEqualTo(ANSWER.replace(" ", ""));
    assertThat(hex(DnsCodec.encode(valid(COMPRESSED), 512))).isEqualTo(COMPRESSED.replace(" ", ""));
  }

  @Test
  void shouldFollowPointers() {
    assertThat(valid(COMPRESSED).questions())
        .extracting(each -> each.name().toString())
        .containsExactly("F.ISI.ARPA.", "FOO.F.ISI.ARPA.", "ARPA.", ".");
  }

  @Test
  void shouldNotCompressTheTargetOfAService() {
    DnsName name = DnsName.parse("a.b");
    DnsMessage message =
        DnsMessage.query(1, Question.of(name, RecordType.SRV))
            .withAnswers(List.of(ResourceRecord.of(name, 5, new Rdata.Srv(0, 100, 80, name))));

    assertThat(hex(DnsCodec.encode(message, 512))).endsWith("000b" + "000000640050" + "0161016200");
  }

  @Test
  void shouldUncompressNamesInsideOldTypesKeptAsOctets() {
    // AFSDB (18): a subtype and a name, here a pointer to the question's.
    DnsMessage message =
        valid(
            "0001 8000 0001 0001 0000 0000 0161 0162 00 0012 0001"
                + "c00c 0012 0001 00000005 0004 0001 c00c");

    assertThat(message.answers().get(0).data()).hasToString("\\# 7 00010161016200");
  }

  @Test
  void shouldKeepTheCaseOfNamesThatDifferInCaseOnly() {
    DnsName asked = DnsName.parse("WEB.demo");
    DnsMessage message =
        DnsMessage.query(1, Question.of(asked, RecordType.CNAME))
            .withAnswers(
                List.of(ResourceRecord.of(asked, 5, new Rdata.Cname(DnsName.parse("web.DEMO")))));

    DnsMessage read = valid(hex(DnsCodec.encode(message, 512)));

    assertThat(read.answers()).hasToString("[WEB.demo. 5 IN CNAME web.DEMO.]");
  }

  static DnsMessage valid(String hex) {
    Decoded decoded = DnsCodec.decode(bytes(hex));
    assertThat(decoded).isInstanceOf(Decoded.Valid.class);
    return ((Decoded.Valid) decoded).message();
  }

  static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  static String hex(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
