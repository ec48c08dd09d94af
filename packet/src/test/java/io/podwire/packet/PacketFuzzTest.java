package io.podwire.packet;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Any octets have a defect or a value; neither depends on what lies around them in the buffer; and
 * a value that is written and read again is the same.
 */
class PacketFuzzTest {

  private static final int CHANGED = 20_000;
  private static final int AROUND = 64;
  private static final long PSEUDO_HEADER =
      Checksum.pseudoHeader(
          IpAddress.parse("10.1.0.10").ipv4Bits(), IpAddress.parse("10.2.0.11").ipv4Bits(), 6, 40);

  /** What a parser makes of octets in a buffer: a defect, or a value. */
  private interface Parser {
    Object parse(ByteBuffer buffer, int offset, int length);
  }

  private static ByteBuffer placed(byte[] octets, int before, int after, int filling) {
    byte[] all = new byte[before + octets.length + after];
    Arrays.fill(all, (byte) filling);
    System.arraycopy(octets, 0, all, before, octets.length);
    return ByteBuffer.wrap(all);
  }

  /** Parses octets in different surroundings and says what they are; a defect is null. */
  private static Object parsed(byte[] octets, Parser parser) {
    Object alone = parser.parse(placed(octets, 0, 0, 0), 0, octets.length);
    Object among = parser.parse(placed(octets, AROUND, AROUND, 0xff), AROUND, octets.length);
    if (!alone.equals(among)) {
      throw new AssertionError(alone + " alone is " + among + " among others");
    }
    return alone;
  }

  /** The same, and the value survives: its octets and what is behind its header are read again. */
  private static void survives(byte[] octets, Parser parser, Function<Object, byte[]> written) {
    Object value = parsed(octets, parser);
    if (value instanceof Defect) {
      return;
    }
    Object again = parsed(written.apply(value), parser);
    if (!value.equals(again)) {
      throw new AssertionError(value + " became " + again);
    }
  }

  private static byte[] header(int length, Consumer<ByteBuffer> emit) {
    ByteBuffer buffer = placed(new byte[length], 0, 0, 0xff);
    emit.accept(buffer);
    return buffer.array();
  }

  /** A header with so many octets behind it. */
  private static byte[] whole(byte[] header, int payload) {
    return Arrays.copyOf(header, header.length + payload);
  }

  @FuzzTest(maxDuration = "1m")
  void ethernet(byte[] octets) {
    EthernetView view = new EthernetView();
    survives(
        octets,
        (buffer, offset, length) -> {
          Defect defect = view.wrap(buffer, offset, length).check();
          return defect == Defect.NONE ? EthernetHeader.parse(view) : defect;
        },
        value -> {
          EthernetHeader header = (EthernetHeader) value;
          return header(header.length(), buffer -> header.emit(buffer, 0));
        });
  }

  @FuzzTest(maxDuration = "1m")
  void arp(byte[] octets) {
    ArpView view = new ArpView();
    survives(
        octets,
        (buffer, offset, length) -> {
          Defect defect = view.wrap(buffer, offset, length).check();
          return defect == Defect.NONE ? ArpMessage.parse(view) : defect;
        },
        value -> header(ArpView.LENGTH, buffer -> ((ArpMessage) value).emit(buffer, 0)));
  }

  @FuzzTest(maxDuration = "1m")
  void ipv4(byte[] octets) {
    Ipv4View view = new Ipv4View();
    Parser parser =
        (buffer, offset, length) -> {
          Defect quoted = view.wrap(buffer, offset, length).checkQuoted();
          Defect defect = view.check();
          if (quoted != Defect.NONE) {
            return Objects.requireNonNull(defect == quoted ? defect : null);
          }
          // Every field of a quoted header can be read, and hops can be taken.
          view.pseudoHeader();
          return defect == Defect.NONE ? Ipv4Header.parse(view) : defect;
        };
    Function<Object, byte[]> written =
        value -> {
          Ipv4Header header = (Ipv4Header) value;
          return whole(
              header(header.length(), buffer -> header.emit(buffer, 0)), header.payloadLength());
        };
    survives(octets, parser, written);
    ByteBuffer repaired = ByteBuffer.wrap(octets);
    if (view.wrap(repaired, 0, octets.length).checkQuoted() == Defect.NONE) {
      view.computeChecksum();
      survives(octets, parser, written);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void ipv6(byte[] octets) {
    Ipv6View view = new Ipv6View();
    Parser parser =
        (buffer, offset, length) -> {
          Defect quoted = view.wrap(buffer, offset, length).checkQuoted();
          Defect defect = view.check();
          if (quoted != Defect.NONE) {
            return Objects.requireNonNull(defect != Defect.NONE ? defect : null);
          }
          int place = view.transportOffset() - offset;
          if (place < Ipv6View.HEADER_LENGTH || place > length) {
            throw new AssertionError("a transport at " + place + " of " + length);
          }
          // Of a quotation all fields can be read too, fragments' as well.
          String fragment =
              view.isFragment()
                  + " "
                  + view.fragmentOffset()
                  + view.moreFragments()
                  + view.fragmentIdentification();
          String transport = place + " " + view.transportProtocol() + " " + fragment;
          return defect == Defect.NONE ? transport + Ipv6Header.parse(view) : defect;
        };
    Object value = parsed(octets, parser);
    if (value instanceof Defect) {
      return;
    }
    Ipv6Header header = Ipv6Header.parse(view.wrap(ByteBuffer.wrap(octets), 0, octets.length));
    byte[] again = Arrays.copyOf(octets, Ipv6View.HEADER_LENGTH + header.payloadLength());
    header.emit(ByteBuffer.wrap(again), 0);
    Object same = parsed(again, parser);
    if (!value.equals(same)) {
      throw new AssertionError(value + " became " + same);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void icmp(byte[] octets) {
    IcmpView view = new IcmpView();
    Parser parser =
        (buffer, offset, length) -> {
          Defect defect = view.wrap(buffer, offset, length).check();
          return defect == Defect.NONE ? IcmpMessage.parse(view) : defect;
        };
    Function<Object, byte[]> written =
        value -> {
          IcmpMessage message = (IcmpMessage) value;
          return header(message.length(), buffer -> message.emit(buffer, 0));
        };
    survives(octets, parser, written);
    if (view.wrap(ByteBuffer.wrap(octets), 0, octets.length).checkQuoted() == Defect.NONE) {
      view.computeChecksum();
      survives(octets, parser, written);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void icmpv6(byte[] octets) {
    Icmpv6View view = new Icmpv6View();
    survives(
        octets,
        (buffer, offset, length) -> {
          Defect defect = view.wrap(buffer, offset, length).check();
          if (defect != Defect.NONE) {
            return defect;
          }
          String addresses = view.sourceLinkLayer() + " " + view.targetLinkLayer();
          Optional<NdMessage> discovery = NdMessage.parse(view);
          // A redirect is checked as discovery is, but nobody here sends or obeys one.
          boolean valued = view.isDiscovery() && view.type() != Icmpv6Type.REDIRECT;
          if (discovery.isPresent() != valued) {
            throw new AssertionError(discovery + " of type " + view.type());
          }
          // What is reserved in neighbor discovery does not survive, everything else does.
          return discovery.isPresent()
              ? new Discovery(addresses, discovery.get())
              : Icmpv6Message.parse(view);
        },
        value -> {
          if (value instanceof Discovery found) {
            NdMessage discovery = found.message();
            return header(discovery.length(), buffer -> discovery.emit(buffer, 0, PSEUDO_HEADER));
          }
          Icmpv6Message message = (Icmpv6Message) value;
          return header(message.length(), buffer -> message.emit(buffer, 0, PSEUDO_HEADER));
        });
  }

  private record Discovery(String addresses, NdMessage message) {}

  @FuzzTest(maxDuration = "1m")
  void tcp(byte[] octets) {
    TcpView view = new TcpView();
    survives(
        octets,
        (buffer, offset, length) -> {
          Defect defect = view.wrap(buffer, offset, length).check();
          if (defect != Defect.NONE) {
            return defect;
          }
          String options =
              view.maxSegmentSize()
                  + " "
                  + view.windowScale()
                  + view.sackPermitted()
                  + view.hasTimestamps()
                  + view.timestampValue()
                  + view.timestampEcho();
          return options + TcpHeader.parse(view);
        },
        value -> {
          TcpHeader header = TcpHeader.parse(view.wrap(ByteBuffer.wrap(octets), 0, octets.length));
          return header(header.length(), buffer -> header.emit(buffer, 0));
        });
  }

  @FuzzTest(maxDuration = "1m")
  void udp(byte[] octets) {
    UdpView view = new UdpView();
    survives(
        octets,
        (buffer, offset, length) -> {
          Defect defect = view.wrap(buffer, offset, length).check();
          if (defect != Defect.NONE) {
            return defect;
          }
          view.isIntact(PSEUDO_HEADER);
          return UdpHeader.parse(view);
        },
        value -> {
          UdpHeader header = (UdpHeader) value;
          return whole(
              header(UdpView.HEADER_LENGTH, buffer -> header.emit(buffer, 0)),
              header.payloadLength());
        });
  }

  @FuzzTest(maxDuration = "1m")
  void vxlan(byte[] octets) {
    VxlanView view = new VxlanView();
    survives(
        octets,
        (buffer, offset, length) -> {
          Defect defect = view.wrap(buffer, offset, length).check();
          return defect == Defect.NONE ? VxlanHeader.parse(view) : defect;
        },
        value -> header(VxlanView.HEADER_LENGTH, b -> ((VxlanHeader) value).emit(b, 0)));
  }

  private void call(String target, byte[] octets) {
    switch (target) {
      case "ethernet" -> ethernet(octets);
      case "arp" -> arp(octets);
      case "ipv4" -> ipv4(octets);
      case "ipv6" -> ipv6(octets);
      case "icmp" -> icmp(octets);
      case "icmpv6" -> icmpv6(octets);
      case "tcp" -> tcp(octets);
      case "udp" -> udp(octets);
      case "vxlan" -> vxlan(octets);
      default -> throw new IllegalArgumentException(target);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ethernet", "arp", "ipv4", "ipv6", "icmp", "icmpv6", "tcp", "udp", "vxlan"})
  void shouldHoldForChangedInputs(String target) {
    MutatedCorpus.run(PacketFuzzTest.class, target, CHANGED, octets -> call(target, octets));
  }
}
