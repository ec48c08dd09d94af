package io.podwire.packet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import io.podwire.packet.Octets;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;
import org.quicktheories.generators.Generate;

class PlainQueryTest {
  private final PlainQuery view = new PlainQuery(42);

  private static DnsMessage query(String name, int type) {
    return DnsMessage.query(7, Question.of(DnsName.parse(name), type));
  }

  private static byte[] octets(DnsMessage message) {
    ByteBuffer wire = DnsCodec.encode(message, DnsCodec.MAX_MESSAGE);
    byte[] octets = new byte[wire.remaining()];
    wire.get(octets);
    return octets;
  }

  /** The octets stand alone in their buffer, so that one look beyond them would throw. */
  private boolean read(byte[] octets) {
    return view.read(ByteBuffer.wrap(octets), 0, octets.length);
  }

  @Test
  void shouldReadWhatAStubResolverAsks() {
    assertThat(read(octets(query("Web.demo.svc.cluster.local", RecordType.AAAA)))).isTrue();

    assertThat(view.nameLength()).isEqualTo(28);
    assertThat(view.type()).isEqualTo(RecordType.AAAA);
    assertThat(view.hasCapitals()).isTrue();
    assertThat(view.hasEdns()).isFalse();
    assertThat(view.responseSize()).isEqualTo(512);
    assertThat(view.questionEnd()).isEqualTo(44);
    assertThat(view.lowerQuestion()).hasToString("web.demo.svc.cluster.local. IN AAAA");
    assertThat(view.capitalQuestion()).hasToString("WEB.DEMO.SVC.CLUSTER.LOCAL. IN AAAA");
  }

  @Test
  void shouldReadEdnsWithoutOptions() {
    DnsMessage plain = query("a.test", RecordType.A);

    assertThat(read(octets(plain.withEdns(Edns.of(4096))))).isTrue();
    assertThat(view.hasEdns()).isTrue();
    assertThat(view.responseSize()).isEqualTo(4096);
    assertThat(view.ednsFlags()).isZero();

    // RFC 6891, section 6.2.3: sizes below 512 are to be read as 512.
    assertThat(read(octets(plain.withEdns(new Edns(100, 0, 0, Edns.DNSSEC_OK, List.of())))))
        .isTrue();
    assertThat(view.responseSize()).isEqualTo(512);
    assertThat(view.ednsFlags()).isEqualTo(Edns.DNSSEC_OK);
  }

  @Test
  void shouldLeaveEverythingElseToTheCodec() {
    DnsMessage plain = query("a.test", RecordType.A);
    Question question = plain.questions().get(0);
    Rdata.Opt.Option cookie = new Rdata.Opt.Option(10, Octets.of(new byte[8]));

    assertThat(read(octets(plain.reply(0)))).isFalse();
    assertThat(read(octets(plain.withHeader(new DnsHeader(1, 0x2800))))).isFalse();
    assertThat(read(octets(plain.withHeader(new DnsHeader(1, 0x0300))))).isFalse();
    assertThat(read(octets(plain.withQuestions(List.of())))).isFalse();
    assertThat(read(octets(plain.withQuestions(List.of(question, question))))).isFalse();
    assertThat(
            read(
                octets(
                    plain.withQuestions(
                        List.of(new Question(question.name(), 1, RecordClass.CH))))))
        .isFalse();
    assertThat(read(octets(plain.withEdns(new Edns(1232, 0, 1, 0, List.of()))))).isFalse();
    assertThat(read(octets(plain.withEdns(new Edns(1232, 1, 0, 0, List.of()))))).isFalse();
    assertThat(read(octets(plain.withEdns(new Edns(1232, 0, 0, 1, List.of()))))).isFalse();
    assertThat(read(octets(plain.withEdns(new Edns(1232, 0, 0, 0, List.of(cookie)))))).isFalse();
    byte[] trailing = octets(plain);
    assertThat(read(Arrays.copyOf(trailing, trailing.length + 1))).isFalse();
  }

  @Test
  void shouldTellNamesApartAndCasesNot() {
    read(octets(query("web.demo.svc.cluster.local", RecordType.A)));
    long[] name = view.copyName();
    long hash = view.hash();

    read(octets(query("WEB.Demo.SVC.cluster.LOCAL", RecordType.A)));
    assertThat(view.hasName(name)).isTrue();
    assertThat(view.hash()).isEqualTo(hash);

    read(octets(query("wec.demo.svc.cluster.local", RecordType.A)));
    assertThat(view.hasName(name)).isFalse();
    assertThat(view.hash()).isNotEqualTo(hash);

    read(octets(query("web.demo.svc.cluster.local", RecordType.AAAA)));
    assertThat(view.hasName(name)).isTrue();
    assertThat(view.hash()).isNotEqualTo(hash);

    // Neighbours of the letters differ by the same bit and are no letters.
    read(octets(query("a[\\@.test", RecordType.A)));
    long[] strange = view.copyName();
    assertThat(view.hasCapitals()).isFalse();
    read(octets(query("a{`.test", RecordType.A)));
    assertThat(view.hasName(strange)).isFalse();
  }

  @Test
  void shouldAgreeWithTheCodecOnEveryName() {
    Gen<DnsName> names = Generate.oneOf(DnsGenerators.names(), DnsGenerators.names());
    qt().forAll(names, integers().between(0, 0xffff))
        .checkAssert((name, type) -> {
          byte[] octets = octets(DnsMessage.query(1, Question.of(name, type)));
          assertThat(read(octets)).isTrue();
          assertThat(view.lowerQuestion().name()).isEqualTo(name);
          assertThat(view.type()).isEqualTo(type);
          assertThat(view.nameLength()).isEqualTo(name.length());
        });
  }

  @Test
  void shouldTakeNothingForPlainThatTheCodecDoesNot() {
    Random random = new Random(5);
    byte[] whole =
        octets(query("svc-1.ns-1.svc.cluster.local", RecordType.A).withEdns(Edns.of(1232)));
    int plain = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] octets =
          Arrays.copyOf(whole, whole.length - (i % 3 == 0 ? random.nextInt(whole.length) : 0));
      for (int change = random.nextInt(4); change > 0 && octets.length > 0; change--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt();
      }
      if (!read(octets)) {
        continue;
      }
      plain++;
      DnsMessage message = ((Decoded.Valid) DnsCodec.decode(ByteBuffer.wrap(octets))).message();
      assertThat(message.header().flags()).isEqualTo(view.flags());
      assertThat(message.questions()).containsExactly(view.lowerQuestion());
      assertThat(message.edns().isPresent()).isEqualTo(view.hasEdns());
    }
    assertThat(plain).isBetween(10_000, 90_000);
  }
}
