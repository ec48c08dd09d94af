package io.podwire.packet;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import io.podwire.packet.carry.CarriedDatagram;
import io.podwire.packet.carry.CarryFrame;
import io.podwire.packet.carry.CarryKind;
import io.podwire.packet.filter.CaptureFilter;
import io.podwire.packet.filter.FilterSyntaxException;
import io.podwire.packet.filter.FrameHeaders;
import io.podwire.packet.pcap.PcapngReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read besides packets: nothing but the documented exception, and the same once more. */
class ReaderFuzzTest {

  private static final int CHANGED = 20_000;
  private static final int MAX_PORT = 65_535;

  private final FrameHeaders headers = new FrameHeaders();

  private static void same(Object one, Object other) {
    if (!one.equals(other)) {
      throw new AssertionError(one + " became " + other);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void carry(byte[] octets) {
    CarryFrame frame;
    try {
      frame = CarryFrame.decode(octets);
    } catch (IllegalArgumentException none) {
      return;
    }
    byte[] sent = frame.encode();
    if (!Arrays.equals(Arrays.copyOfRange(sent, CarryFrame.LENGTH_OCTETS, sent.length), octets)) {
      throw new AssertionError(frame + " is sent as other octets");
    }
    if (frame.kind() != CarryKind.DATAGRAM) {
      return;
    }
    CarriedDatagram datagram;
    try {
      datagram = CarriedDatagram.of(frame);
    } catch (IllegalArgumentException none) {
      return;
    }
    if (datagram.port() < 0 || datagram.port() > MAX_PORT) {
      throw new AssertionError("no UDP port: " + datagram);
    }
    same(datagram, CarriedDatagram.of(datagram.frame(frame.stream())));
  }

  @FuzzTest(maxDuration = "1m")
  void pcapng(byte[] octets) {
    PcapngReader reader = new PcapngReader(new ByteArrayInputStream(octets));
    try {
      for (PcapngReader.Block block = reader.next();
          block != PcapngReader.Block.END;
          block = reader.next()) {
        if (block == PcapngReader.Block.PACKET) {
          reader.passage();
          int end = reader.packetOffset() + reader.captured();
          if (reader.captured() < 0 || end > reader.block().limit()) {
            throw new AssertionError("a packet to " + end + " of " + reader.block().limit());
          }
          headers.read(reader.block(), reader.packetOffset(), reader.captured());
        } else if (block == PcapngReader.Block.STATISTICS) {
          same(reader.comment(), reader.comment());
        }
      }
    } catch (IOException broken) {
      return;
    }
  }

  @FuzzTest(maxDuration = "1m")
  void filter(byte[] octets) {
    CaptureFilter filter;
    String expression = new String(octets, StandardCharsets.UTF_8);
    try {
      filter = CaptureFilter.parse(expression);
    } catch (FilterSyntaxException wrong) {
      if (wrong.getMessage() == null || wrong.getMessage().isEmpty()) {
        throw new AssertionError("no message for " + expression, wrong);
      }
      return;
    }
    CaptureFilter again = CaptureFilter.parse(filter.toString());
    for (String name : new String[] {"arp-request", "tcp-syn", "udp-ipv6", "ipv4-last-fragment"}) {
      CapturedFrame frame = CapturedFrame.named(name);
      headers.read(frame.buffer(), frame.offset(), frame.length());
      same(filter.matches(headers), again.matches(headers));
    }
    // Octets are as good a frame as any.
    headers.read(ByteBuffer.wrap(octets), 0, octets.length);
    filter.matches(headers);
  }

  @FuzzTest(maxDuration = "1m")
  void address(byte[] octets) {
    String text = new String(octets, StandardCharsets.UTF_8);
    IpAddress.tryParse(text)
        .ifPresent(address -> same(address, IpAddress.parse(address.toString())));
    try {
      Cidr cidr = Cidr.parse(text);
      same(cidr, Cidr.parse(cidr.toString()));
    } catch (IllegalArgumentException none) {
      // As documented.
    }
    try {
      MacAddress mac = MacAddress.parse(text);
      same(mac, MacAddress.parse(mac.toString()));
    } catch (IllegalArgumentException none) {
      // As documented.
    }
  }

  private void call(String target, byte[] octets) {
    switch (target) {
      case "carry" -> carry(octets);
      case "pcapng" -> pcapng(octets);
      case "filter" -> filter(octets);
      case "address" -> address(octets);
      default -> throw new IllegalArgumentException(target);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"carry", "pcapng", "filter", "address"})
  void shouldHoldForChangedInputs(String target) {
    MutatedCorpus.run(ReaderFuzzTest.class, target, CHANGED, octets -> call(target, octets));
  }
}
