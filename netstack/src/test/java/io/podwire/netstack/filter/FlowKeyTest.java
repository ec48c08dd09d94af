package io.podwire.netstack.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import io.podwire.packet.Icmpv6Type;
import io.podwire.packet.IpProtocol;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class FlowKeyTest {

  private static Gen<FlowKey> keys() {
    Gen<Integer> protocol = integers().between(0, 255);
    Gen<Long> halves = longs().all();
    return protocol
        .zip(halves, halves, FlowKeyTest::key)
        .zip(halves, halves, FlowKeyTest::withDestination)
        .zip(integers().between(0, 65_535), integers().between(0, 65_535), FlowKeyTest::withPorts);
  }

  private static FlowKey key(int protocol, long high, long low) {
    FlowKey key = new FlowKey();
    key.protocol = protocol;
    key.sourceHigh = high;
    key.sourceLow = low;
    return key;
  }

  private static FlowKey withDestination(FlowKey key, long high, long low) {
    key.destinationHigh = high;
    key.destinationLow = low;
    return key;
  }

  private static FlowKey withPorts(FlowKey key, int source, int destination) {
    key.sourcePort = source;
    key.destinationPort =
        switch (key.protocol) {
          case IpProtocol.ICMP -> destination % 2 == 0 ? FlowKey.ECHO_REQUEST : FlowKey.ECHO_REPLY;
          case IpProtocol.ICMPV6 ->
              destination % 2 == 0 ? Icmpv6Type.ECHO_REQUEST : Icmpv6Type.ECHO_REPLY;
          default -> destination;
        };
    return key;
  }

  @Test
  void shouldBeItselfAgainWhenInvertedTwice() {
    qt().forAll(keys())
        .checkAssert(key -> {
          FlowKey inverse = new FlowKey().invert(key);
          FlowKey again = new FlowKey().invert(inverse);
          assertThat(again).isEqualTo(key).hasSameHashCodeAs(key);
          assertThat(inverse.source()).isEqualTo(key.destination());
          assertThat(inverse.destination()).isEqualTo(key.source());
        });
  }

  @Test
  void shouldInvertPortsAndEchoTypes() {
    qt().forAll(keys())
        .checkAssert(key -> {
          FlowKey inverse = new FlowKey().invert(key);
          if (key.protocol == IpProtocol.ICMP) {
            assertThat(inverse.sourcePort).isEqualTo(key.sourcePort);
            assertThat(inverse.destinationPort + key.destinationPort).isEqualTo(8);
          } else if (key.protocol == IpProtocol.ICMPV6) {
            assertThat(inverse.sourcePort).isEqualTo(key.sourcePort);
            assertThat(inverse.destinationPort + key.destinationPort).isEqualTo(128 + 129);
          } else {
            assertThat(inverse.sourcePort).isEqualTo(key.destinationPort);
            assertThat(inverse.destinationPort).isEqualTo(key.sourcePort);
          }
        });
  }

  @Test
  void shouldDifferWhereAnyPartDiffers() {
    qt().forAll(keys(), integers().between(0, 6))
        .checkAssert((key, part) -> {
          FlowKey other = new FlowKey().copyOf(key);
          assertThat(other).isEqualTo(key).hasSameHashCodeAs(key);
          switch (part) {
            case 0 -> other.sourceHigh ^= 1L << 63;
            case 1 -> other.sourceLow ^= 1;
            case 2 -> other.destinationHigh ^= 1L << 40;
            case 3 -> other.destinationLow ^= 1L << 31;
            case 4 -> other.protocol ^= 1;
            case 5 -> other.sourcePort ^= 0x8000;
            default -> other.destinationPort ^= 1;
          }
          assertThat(other).isNotEqualTo(key);
        });
  }

  @Test
  void shouldSpreadNeighbouringFlows() {
    Set<Integer> hashes = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      FlowKey key = key(IpProtocol.TCP, 0, 0xffff_0a00_0001L);
      withDestination(key, 0, 0xffff_0a00_0002L);
      hashes.add(withPorts(key, 1024 + i, 80).hashCode());
    }
    assertThat(hashes).hasSizeGreaterThan(19_900);
  }
}
