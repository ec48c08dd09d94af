package io.podwire.packet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DnsTruncationTest {
  private static final DnsName NAME = DnsName.parse("many.demo.svc.cluster.local");
  // Header, question; each further A record takes 16 octets.
  private static final int FIXED = 12 + NAME.length() + 4;

  private static DnsMessage answers(int count) {
    List<ResourceRecord> records =
        IntStream.range(0, count)
            .mapToObj(
                i -> ResourceRecord.of(NAME, 5, new Rdata.A(IpAddress.ofIpv4(0x0af40000 + i))))
            .toList();
    return DnsMessage.query(7, Question.of(NAME, RecordType.A)).reply(0).withAnswers(records);
  }

  private static DnsMessage sent(DnsMessage message, int maxSize) {
    ByteBuffer wire = DnsCodec.encode(message, maxSize);
    assertThat(wire.remaining()).isLessThanOrEqualTo(maxSize);
    return ((Decoded.Valid) DnsCodec.decode(wire)).message();
  }

  @Test
  void shouldLeaveOutWholeRecordsFromTheEnd() {
    DnsMessage whole = answers(100);

    DnsMessage cut = sent(whole, 512);

    int kept = (512 - FIXED) / 16;
    assertThat(cut.header().isTruncated()).isTrue();
    assertThat(cut.answers()).isEqualTo(whole.answers().subList(0, kept));
  }

  @Test
  void shouldKeepOptAndMakeRoomForIt() {
    DnsMessage cut = sent(answers(100).withEdns(Edns.of(1232)), 512);

    assertThat(cut.header().isTruncated()).isTrue();
    assertThat(cut.answers()).hasSize((512 - FIXED - 11) / 16);
    assertThat(cut.edns()).contains(Edns.of(1232));
  }

  @Test
  void shouldNotTruncateWhatFitsToTheOctet() {
    int count = 20;
    int size = FIXED + 16 * count;
    DnsMessage message = answers(count).withAdditional(List.of());
    String filler = "x".repeat(512 - size - 11 - 1 - 1);
    ResourceRecord txt = ResourceRecord.of(DnsName.ROOT, 0, new Rdata.Txt(List.of(filler)));

    DnsMessage exact = message.withAdditional(List.of(txt));
    assertThat(DnsCodec.encode(exact, 512).remaining()).isEqualTo(511);
    assertThat(sent(exact, 512)).isEqualTo(exact);

    DnsMessage tooLong =
        message.withAdditional(
            List.of(ResourceRecord.of(DnsName.ROOT, 0, new Rdata.Txt(List.of(filler + "xx")))));
    DnsMessage cut = sent(tooLong, 512);
    assertThat(cut.header().isTruncated()).isTrue();
    assertThat(cut.additional()).isEmpty();
    assertThat(cut.answers()).hasSize(count);
  }

  @Test
  void shouldDropLaterSectionsOnceARecordIsDropped() {
    ResourceRecord small = ResourceRecord.of(DnsName.ROOT, 0, new Rdata.Txt(List.of()));

    DnsMessage cut = sent(answers(100).withAuthority(List.of(small)), 512);

    assertThat(cut.authority()).isEmpty();
  }

  @Test
  void shouldCarryWholeOverTcp() {
    DnsMessage whole = answers(4000);

    assertThat(sent(whole, DnsCodec.MAX_MESSAGE)).isEqualTo(whole);
    assertThat(sent(answers(5000), DnsCodec.MAX_MESSAGE).header().isTruncated()).isTrue();
  }

  @Test
  void shouldRefuseSizesOutsideTheProtocol() {
    assertThatThrownBy(() -> DnsCodec.encode(answers(1), 511)).hasMessageContaining("got 511");
    assertThatThrownBy(() -> DnsCodec.encode(answers(1), 65536)).hasMessageContaining("got 65536");
  }
}
