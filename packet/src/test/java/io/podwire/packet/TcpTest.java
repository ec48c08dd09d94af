package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;

import io.podwire.packet.TcpOption.MaxSegmentSize;
import io.podwire.packet.TcpOption.NoOperation;
import io.podwire.packet.TcpOption.Other;
import io.podwire.packet.TcpOption.SackPermitted;
import io.podwire.packet.TcpOption.Timestamps;
import io.podwire.packet.TcpOption.WindowScale;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class TcpTest {

  private static final Gen<TcpOption> OPTIONS =
      in ->
          switch (RoundTrip.bits(in, 3)) {
            case 0 -> new MaxSegmentSize(RoundTrip.bits(in, 16));
            case 1 -> new WindowScale(RoundTrip.bits(in, 8));
            case 2 -> new SackPermitted();
            case 3 -> new Timestamps(RoundTrip.anyInt(in), RoundTrip.anyInt(in));
            case 4 -> new Other(TcpOption.SACK, RoundTrip.octets(in, 8, 8));
            case 5 -> new Other(253, RoundTrip.octets(in, 5, 1));
            default -> new NoOperation();
          };

  private static final Gen<TcpHeader> HEADERS =
      in ->
          new TcpHeader(
              RoundTrip.bits(in, 16),
              RoundTrip.bits(in, 16),
              RoundTrip.anyInt(in),
              RoundTrip.anyInt(in),
              RoundTrip.bits(in, 9),
              RoundTrip.bits(in, 16),
              RoundTrip.bits(in, 16),
              RoundTrip.listOf(in, 4, OPTIONS));

  @Test
  void shouldReadTheOptionsThatLinuxSent() {
    CapturedFrame frame = CapturedFrame.named("tcp-syn");
    TcpView segment = frame.tcp();

    assertThat(segment.check()).isEqualTo(Defect.NONE);
    assertThat(segment.sourcePort()).isEqualTo(41846);
    assertThat(segment.destinationPort()).isEqualTo(8080);
    assertThat(segment.sequence()).isEqualTo(203142363);
    assertThat(segment.acknowledgment()).isZero();
    assertThat(segment.headerLength()).isEqualTo(40);
    assertThat(segment.optionsLength()).isEqualTo(20);
    assertThat(segment.flags()).isEqualTo(TcpFlags.SYN);
    assertThat(segment.window()).isEqualTo(65280);
    assertThat(segment.checksum()).isEqualTo(0x1d3a);
    assertThat(segment.urgentPointer()).isZero();
    assertThat(segment.maxSegmentSize()).isEqualTo(1360);
    assertThat(segment.sackPermitted()).isTrue();
    assertThat(segment.windowScale()).isEqualTo(10);
    assertThat(segment.hasTimestamps()).isTrue();
    assertThat(Integer.toUnsignedLong(segment.timestampValue())).isEqualTo(2217742305L);
    assertThat(segment.timestampEcho()).isZero();
    assertThat(segment.payloadLength()).isZero();
    assertThat(segment.sequenceLength()).isEqualTo(1);
    assertThat(segment.isIntact(frame.ipv4().pseudoHeader())).isTrue();
    assertThat(TcpHeader.parse(segment).options())
        .containsExactly(
            new MaxSegmentSize(1360),
            new SackPermitted(),
            new Timestamps(segment.timestampValue(), 0),
            new NoOperation(),
            new WindowScale(10));
  }

  @Test
  void shouldReadTheDataThatLinuxSent() {
    CapturedFrame frame = CapturedFrame.named("tcp-data");
    TcpView segment = frame.tcp();

    assertThat(segment.check()).isEqualTo(Defect.NONE);
    assertThat(segment.has(TcpFlags.PSH | TcpFlags.ACK)).isTrue();
    assertThat(segment.has(TcpFlags.PSH | TcpFlags.FIN)).isFalse();
    assertThat(Octets.copyOf(frame.buffer(), segment.payloadOffset(), segment.payloadLength()))
        .isEqualTo(Octets.ofHex("68656c6c6f"));
    assertThat(segment.sequenceLength()).isEqualTo(5);
    assertThat(segment.maxSegmentSize()).isEqualTo(-1);
    assertThat(segment.windowScale()).isEqualTo(-1);
    assertThat(segment.sackPermitted()).isFalse();
  }

  @Test
  void shouldWriteWhatLinuxSent() {
    for (String name : List.of("tcp-syn", "tcp-syn-ack", "tcp-reset")) {
      CapturedFrame frame = CapturedFrame.named(name);
      TcpView sent = frame.tcp();
      ByteBuffer buffer = RoundTrip.dirtyBuffer(sent.length());

      int length = TcpHeader.parse(sent).emit(buffer, 0);
      new TcpView().wrap(buffer, 0, length).computeChecksum(frame.ipv4().pseudoHeader());

      assertThat(RoundTrip.all(buffer))
          .as(name)
          .isEqualTo(Octets.copyOf(frame.buffer(), sent.offset(), sent.length()));
    }
  }

  @Test
  void shouldStopAtAMalformedOption() {
    // The option behind a length of 0, 1 or beyond the header must not be believed.
    for (String malformed : List.of("fd00", "fd01", "fd09")) {
      TcpView segment = withOptions(malformed + "020405b4 0000");
      assertThat(segment.check()).isEqualTo(Defect.NONE);
      assertThat(segment.maxSegmentSize()).as(malformed).isEqualTo(-1);
      assertThat(TcpHeader.parse(segment).options()).isEmpty();
    }
  }

  @Test
  void shouldStopAtTheEndMarker() {
    assertThat(withOptions("00020405b4000000").maxSegmentSize()).isEqualTo(-1);
    assertThat(withOptions("01020405b4000000").maxSegmentSize()).isEqualTo(1460);
  }

  @Test
  void shouldPassOverAnOptionOfTheWrongLength() {
    TcpView segment = withOptions("020305 020405b4 00");

    assertThat(segment.maxSegmentSize()).isEqualTo(1460);
    assertThat(TcpHeader.parse(segment).options())
        .containsExactly(new Other(2, Octets.ofHex("05")), new MaxSegmentSize(1460));
  }

  @Test
  void shouldNameEachDefect() {
    TcpView segment = CapturedFrame.named("tcp-data").tcp();
    assertThat(segment.setHeaderLengthAndFlags(16, TcpFlags.ACK).check())
        .isEqualTo(Defect.BAD_HEADER_LENGTH);
    assertThat(segment.setHeaderLengthAndFlags(40, TcpFlags.ACK).check())
        .isEqualTo(Defect.TRUNCATED);
    assertThat(segment.setHeaderLengthAndFlags(32, TcpFlags.ACK).check()).isEqualTo(Defect.NONE);
    segment.wrap(segment.buffer(), segment.offset(), 8);
    assertThat(segment.check()).isEqualTo(Defect.TRUNCATED);
    assertThat(segment.checkQuoted()).isEqualTo(Defect.NONE);
  }

  @Test
  void shouldRefuseFlagsThatNoSenderUses() {
    TcpView segment = CapturedFrame.named("tcp-data").tcp();
    int[] impossible = {
      0,
      TcpFlags.FIN,
      TcpFlags.SYN | TcpFlags.FIN,
      TcpFlags.SYN | TcpFlags.RST,
      TcpFlags.FIN | TcpFlags.RST,
      TcpFlags.PSH | TcpFlags.URG | TcpFlags.FIN
    };
    for (int flags : impossible) {
      assertThat(segment.setFlags(flags).check())
          .as(TcpFlags.toString(flags))
          .isEqualTo(Defect.BAD_FLAGS);
    }
    int[] possible = {
      TcpFlags.SYN | TcpFlags.ECE | TcpFlags.CWR | TcpFlags.AE,
      TcpFlags.FIN | TcpFlags.ACK | TcpFlags.PSH,
      TcpFlags.RST
    };
    for (int flags : possible) {
      assertThat(segment.setFlags(flags).check())
          .as(TcpFlags.toString(flags))
          .isEqualTo(Defect.NONE);
    }
  }

  @Test
  void shouldNameFlags() {
    assertThat(TcpFlags.toString(TcpFlags.SYN | TcpFlags.ACK)).isEqualTo("SYN,ACK");
    assertThat(TcpFlags.toString(0)).isEmpty();
  }

  @Test
  void shouldKeepEveryHeaderThroughItsBytes() {
    qt().forAll(HEADERS)
        .check(header -> {
          ByteBuffer buffer = RoundTrip.dirtyBuffer(64);
          int length = header.emit(buffer, 3);
          TcpView view = new TcpView().wrap(buffer, 3, length);
          Defect expected = TcpFlags.isValid(header.flags()) ? Defect.NONE : Defect.BAD_FLAGS;
          return view.check() == expected && TcpHeader.parse(view).equals(header);
        });
  }

  @Test
  void shouldRefuseMoreOptionsThanFit() {
    List<TcpOption> options = Collections.nCopies(5, new Timestamps(1, 2));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TcpHeader(1, 2, 0, 0, TcpFlags.ACK, 0, 0, options))
        .withMessage("TCP options must take at most 40 octets, got 50");
  }

  /** A SYN with these raw options, 8 octets. */
  private static TcpView withOptions(String options) {
    ByteBuffer buffer = ByteBuffer.allocate(28);
    new TcpHeader(1, 2, 0, 0, TcpFlags.SYN, 0, 0, List.of()).emit(buffer, 0);
    Octets.ofHex(options.replace(" ", "")).emit(buffer, 20);
    return new TcpView().wrap(buffer, 0, 28).setHeaderLengthAndFlags(28, TcpFlags.SYN);
  }
}
