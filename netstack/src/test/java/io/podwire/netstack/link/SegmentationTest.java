package io.podwire.netstack.link;

import static io.podwire.netstack.wire.PacketBuilder.tcp;
import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.Frame.SegmentType;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.netstack.wire.SeenPacket;
import io.podwire.packet.TcpFlags;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames are cut into packets, and packets that arrive together are joined again. */
class SegmentationTest {

  private static final String FROM = "10.244.1.2";
  private static final String TO = "10.244.2.2";

  private final Segmenter segmenter = new Segmenter();

  private static PacketBuilder stream(int payload) {
    return tcp(FROM, TO)
        .ports(4000, 80)
        .flags(TcpFlags.ACK | TcpFlags.PSH)
        .dontFragment()
        .payload(payload)
        .checksumPending();
  }

  private static Frame datagrams(int payload, int size) {
    Frame frame = udp(FROM, TO).ports(4000, 53).payload(payload).checksumPending().frame();
    frame.leaveSegmentation(SegmentType.UDP, size);
    return frame;
  }

  /** The packets one after the other in one buffer, as they arrive together. */
  private List<Frame> cut(Frame frame, Frame into) {
    assertThat(segmenter.wrap(frame)).isTrue();
    List<Frame> packets = new ArrayList<>();
    int at = Frame.HEADROOM;
    for (int i = 0; i < segmenter.count(); i++) {
      segmenter.write(i, into.buffer(), at);
      Frame packet = new Frame(into.buffer());
      packet.reset(at, segmenter.length(i));
      packets.add(packet);
      at += segmenter.length(i);
    }
    return packets;
  }

  private static List<Frame> join(List<Frame> packets) {
    List<Frame> joined = new ArrayList<>();
    Coalescer coalescer = new Coalescer(frame -> joined.add(frame.copy()));
    Frame lent = new Frame(packets.getFirst().buffer());
    for (Frame packet : packets) {
      lent.reset(packet.start(), packet.length());
      coalescer.add(lent);
    }
    coalescer.flush(lent);
    return joined;
  }

  private static Frame room() {
    return Frame.allocate(300_000);
  }

  private static byte[] payloads(List<Frame> packets) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    packets.forEach(packet -> all.writeBytes(SeenPacket.of(packet).payload()));
    return all.toByteArray();
  }

  @Test
  void shouldGiveEverySegmentItsOwnHeaders() {
    Frame frame =
        stream(3000)
            .sequence(-1000)
            .id(0xfffe)
            .flags(TcpFlags.ACK | TcpFlags.PSH | TcpFlags.FIN | TcpFlags.CWR)
            .segmentSize(1400)
            .frame();
    assertThat(frame.packets()).isEqualTo(3);
    assertThat(frame.wireLength()).isEqualTo(3000 + 3 * 54);

    // SeenPacket sums every checksum in full.
    List<SeenPacket> packets = cut(frame, room()).stream().map(SeenPacket::of).toList();

    assertThat(packets).extracting(p -> p.tcp().sequence()).containsExactly(-1000, 400, 1800);
    assertThat(packets).extracting(p -> p.ip().identification()).containsExactly(0xfffe, 0xffff, 0);
    assertThat(packets)
        .extracting(p -> p.tcp().flags())
        .containsExactly(
            TcpFlags.ACK | TcpFlags.CWR, TcpFlags.ACK, TcpFlags.ACK | TcpFlags.PSH | TcpFlags.FIN);
    assertThat(packets).extracting(p -> p.payload().length).containsExactly(1400, 1400, 200);
    assertThat(packets).allMatch(p -> p.ip().dontFragment());
  }

  @Test
  void shouldKeepTheBoundariesOfDatagrams() {
    List<Frame> packets = cut(datagrams(1050, 500), room());

    assertThat(packets)
        .extracting(p -> SeenPacket.of(p).payload().length)
        .containsExactly(500, 500, 50);
    List<Frame> joined = join(packets);
    assertThat(joined).hasSize(1);
    assertThat(joined.getFirst().segmentType()).isEqualTo(SegmentType.UDP);
    assertThat(joined.getFirst().segmentSize()).isEqualTo(500);
  }

  @Test
  void shouldJoinWhatWasCutForAnyLengths() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      int size = 1 + random.nextInt(1460);
      int payload = 1 + random.nextInt(Math.min(60_000, size * 60));
      boolean isTcp = random.nextBoolean();
      Frame frame =
          isTcp
              ? stream(payload).sequence(random.nextInt()).segmentSize(size).frame()
              : datagrams(payload, size);
      byte[] sent = SeenPacket.of(frame).payload();
      List<Frame> packets = cut(frame, room());
      assertThat(payloads(packets)).isEqualTo(sent);

      List<Frame> joined = join(packets);

      assertThat(joined).hasSize(1);
      Frame whole = joined.getFirst();
      assertThat(whole.segmentSize()).isEqualTo(packets.size() == 1 ? 0 : size);
      assertThat(whole.packets()).isEqualTo(packets.size());
      assertThat(SeenPacket.of(whole).payload()).isEqualTo(sent);
    }
  }

  @Test
  void shouldLeaveADamagedSegmentAsItIs() {
    for (int damaged = 0; damaged < 4; damaged++) {
      List<Frame> packets = cut(stream(5600).segmentSize(1400).frame(), room());
      ByteBuffer buffer = packets.get(damaged).buffer();
      int at = packets.get(damaged).end() - 1;
      buffer.put(at, (byte) (buffer.get(at) ^ 1));
      byte[] wrong = bytes(packets.get(damaged));

      List<Frame> joined = join(packets);

      assertThat(joined)
          .filteredOn(frame -> frame.segmentSize() == 0)
          .extracting(this::bytes)
          .contains(wrong);
      assertThat(joined)
          .filteredOn(Frame::checksumPending)
          .allSatisfy(frame -> assertThat(SeenPacket.of(frame).payload()).isNotEmpty());
      assertThat(joined.stream().mapToInt(Frame::packets).sum()).isEqualTo(4);
    }
  }

  private byte[] bytes(Frame frame) {
    byte[] bytes = new byte[frame.length()];
    frame.buffer().get(frame.start(), bytes);
    return bytes;
  }

  @Test
  void shouldNotJoinAcrossAGapAFlagOrAnotherFlow() {
    List<PacketBuilder> apart =
        List.of(
            segment(0),
            segment(200),
            segment(300).flags(TcpFlags.ACK | TcpFlags.ECE),
            segment(400).flags(TcpFlags.ACK | TcpFlags.FIN),
            segment(500).ports(4001, 80),
            segment(600).acknowledgment(9),
            segment(700).ttl(63));
    List<Frame> packets = new ArrayList<>();
    Frame room = room();
    int at = Frame.HEADROOM;
    for (PacketBuilder builder : apart) {
      Frame made = builder.frame();
      room.buffer().put(at, made.buffer(), made.start(), made.length());
      Frame packet = new Frame(room.buffer());
      packet.reset(at, made.length());
      packets.add(packet);
      at += made.length();
    }
    List<byte[]> sent = packets.stream().map(this::bytes).toList();

    assertThat(join(packets)).extracting(this::bytes).containsExactlyElementsOf(sent);
  }

  private static PacketBuilder segment(int sequence) {
    return tcp(FROM, TO).ports(4000, 80).flags(TcpFlags.ACK).sequence(sequence).payload(100);
  }

  @Test
  void shouldEndAJoinedFrameWithAPush() {
    List<Frame> packets = new ArrayList<>(cut(stream(300).segmentSize(100).frame(), room()));
    Frame next = segment(1300).dontFragment().frame();
    Frame last = packets.getLast();
    last.buffer().put(last.end(), next.buffer(), next.start(), next.length());
    Frame packet = new Frame(last.buffer());
    packet.reset(last.end(), next.length());
    packets.add(packet);

    assertThat(join(packets)).extracting(Frame::packets).containsExactly(3, 1);
  }

  @Test
  void shouldRefuseMetadataThatDoesNotFit() {
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      Frame frame = stream(random.nextInt(3000)).segmentSize(1000).frame();
      frame.leaveChecksum(random.nextInt(-5, 200), random.nextInt(-5, 40));
      frame.leaveSegmentation(
          SegmentType.values()[random.nextInt(4)], random.nextInt(round % 2 == 0 ? 5 : 70_000));
      for (int damage = 0; damage < 4; damage++) {
        int at = frame.start() + random.nextInt(60);
        if (at < frame.end()) {
          frame.buffer().put(at, (byte) random.nextInt());
        }
      }
      assertThat(frame.packets()).isPositive();
      assertThat(frame.wireLength()).isPositive();
      if (segmenter.wrap(frame)) {
        assertThat(segmenter.length(0)).isLessThanOrEqualTo(frame.length());
        segmenter.write(segmenter.count() - 1, room().buffer(), Frame.HEADROOM);
      }
    }
  }

  private static PacketBuilder ipv6Stream(int payload) {
    return tcp("fd00:10:244:1::2", "fd00:10:244:2::2")
        .ports(4000, 80)
        .flags(TcpFlags.ACK)
        .payload(payload)
        .checksumPending();
  }

  @Test
  void shouldCutAndJoinTcpOverIpv6() {
    Frame frame = ipv6Stream(3000).sequence(-1000).segmentSize(1380).frame();

    List<Frame> packets = cut(frame, room());
    List<SeenPacket> seen = packets.stream().map(SeenPacket::of).toList();

    assertThat(seen).extracting(p -> p.tcp().sequence()).containsExactly(-1000, 380, 1760);
    assertThat(seen).extracting(p -> p.ipv6().payloadLength()).containsExactly(1400, 1400, 260);
    List<Frame> joined = join(packets);
    assertThat(joined).hasSize(1);
    assertThat(joined.getFirst().segmentType()).isEqualTo(SegmentType.TCP6);
    assertThat(joined.getFirst().segmentSize()).isEqualTo(1380);
    assertThat(SeenPacket.of(joined.getFirst()).ipBytes())
        .isEqualTo(SeenPacket.of(frame).ipBytes());
  }

  @Test
  void shouldCutAndJoinDatagramsOverIpv6() {
    Frame frame =
        udp("fd00:10:244:1::2", "fd00:10:244:2::2")
            .ports(4000, 53)
            .payload(1050)
            .checksumPending()
            .frame();
    frame.leaveSegmentation(SegmentType.UDP, 500);

    List<Frame> packets = cut(frame, room());

    assertThat(packets)
        .extracting(p -> SeenPacket.of(p).payload().length)
        .containsExactly(500, 500, 50);
    assertThat(payloads(join(packets))).isEqualTo(SeenPacket.of(frame).payload());
    assertThat(join(cut(frame, room()))).hasSize(1);
  }

  @Test
  void shouldNotJoinIpv6PacketsOfDifferentFlowLabelsNorFamilies() {
    Frame into = room();
    List<Frame> packets = cut(ipv6Stream(2760).segmentSize(1380).frame(), into);
    Frame second = packets.get(1);
    int label = second.start() + 14 + 2;
    second.buffer().putShort(label, (short) 7);

    assertThat(join(packets)).hasSize(2);
  }

  @Test
  void shouldRefuseASegmentTypeOfTheOtherFamily() {
    Frame frame = ipv6Stream(3000).segmentSize(1380).frame();
    frame.leaveSegmentation(SegmentType.TCP4, 1380);
    assertThat(segmenter.wrap(frame)).isFalse();
  }
}
