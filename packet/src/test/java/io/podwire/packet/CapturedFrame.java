package io.podwire.packet;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A frame that Linux sent, from {@code frames.hex}, at an odd place in a larger buffer. */
record CapturedFrame(ByteBuffer buffer, int offset, int length) {

  private static final int PADDING = 3;
  private static final Map<String, byte[]> FRAMES = load();

  static Set<String> names() {
    return FRAMES.keySet();
  }

  static CapturedFrame named(String name) {
    assertThat(FRAMES).containsKey(name);
    return of(FRAMES.getOrDefault(name, new byte[0]));
  }

  /** From hexadecimal digits with any white space between them. */
  static CapturedFrame ofHex(String digits) {
    return of(HexFormat.of().parseHex(digits.replaceAll("\\s", "")));
  }

  static CapturedFrame of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(PADDING + bytes.length);
    buffer.put(PADDING, bytes);
    return new CapturedFrame(buffer, PADDING, bytes.length);
  }

  byte[] bytes() {
    byte[] bytes = new byte[length];
    buffer.get(offset, bytes);
    return bytes;
  }

  EthernetView ethernet() {
    EthernetView view = new EthernetView().wrap(buffer, offset, length);
    assertThat(view.check()).isEqualTo(Defect.NONE);
    return view;
  }

  ArpView arp() {
    EthernetView frame = ethernet();
    return new ArpView().wrap(buffer, frame.payloadOffset(), frame.payloadLength());
  }

  Ipv4View ipv4() {
    EthernetView frame = ethernet();
    return new Ipv4View().wrap(buffer, frame.payloadOffset(), frame.payloadLength());
  }

  Ipv6View ipv6() {
    EthernetView frame = ethernet();
    return new Ipv6View().wrap(buffer, frame.payloadOffset(), frame.payloadLength());
  }

  UdpView udp() {
    Ipv4View packet = ipv4();
    return new UdpView().wrap(buffer, packet.payloadOffset(), packet.payloadLength());
  }

  TcpView tcp() {
    Ipv4View packet = ipv4();
    return new TcpView().wrap(buffer, packet.payloadOffset(), packet.payloadLength());
  }

  IcmpView icmp() {
    Ipv4View packet = ipv4();
    return new IcmpView().wrap(buffer, packet.payloadOffset(), packet.payloadLength());
  }

  Icmpv6View icmpv6() {
    Ipv6View packet = ipv6();
    return new Icmpv6View().wrap(buffer, packet.transportOffset(), packet.transportLength());
  }

  private static Map<String, byte[]> load() {
    try (InputStream in = CapturedFrame.class.getResourceAsStream("frames.hex")) {
      String text = new String(requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
      Map<String, byte[]> frames = new LinkedHashMap<>();
      for (String section : text.substring(text.indexOf("== ") + 3).split("\n== ", -1)) {
        int endOfTitle = section.indexOf('\n');
        String digits = section.substring(endOfTitle).replaceAll("\\s", "");
        frames.put(section.substring(0, section.indexOf(':')), HexFormat.of().parseHex(digits));
      }
      return frames;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
