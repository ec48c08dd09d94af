package io.podwire.netstack.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.podwire.netstack.filter.FlowKey;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.wire.PacketBuilder;
import io.podwire.packet.EthernetView;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceTableTest {

  private static final IpAddress ADDRESS = IpAddress.parse("10.96.0.20");
  private static final int LOOKUPS = 100_000;

  private final ServiceTable table = new ServiceTable();

  private static VirtualService service(String name) {
    return new VirtualService(name, List.of(new Backend(IpAddress.parse("10.244.1.2"), 80)));
  }

  private static ServiceTable.Key key(int port) {
    return new ServiceTable.Key(ADDRESS, 6, port);
  }

  private static FlowKey packetTo(int protocol, String address, int port) {
    PacketBuilder builder =
        protocol == IpProtocol.TCP
            ? PacketBuilder.tcp("10.244.1.9", address)
            : PacketBuilder.udp("10.244.1.9", address);
    Frame frame = builder.ports(4000, port).frame();
    Packet packet = new Packet(frame);
    assertThat(packet.parse(frame, frame.start() + EthernetView.HEADER_LENGTH)).isNull();
    return packet.key();
  }

  @Test
  void shouldKnowAnAddressAsLongAsAnyOfItsPortsIsThere() {
    table.put(key(80), service("a"));
    table.put(key(443), service("b"));
    table.put(key(80), service("c"));
    assertThat(table.size()).isEqualTo(2);

    table.remove(key(80));
    table.remove(key(80));
    assertThat(table.isServiceAddress(ADDRESS)).isTrue();
    table.remove(key(443));
    assertThat(table.isServiceAddress(ADDRESS)).isFalse();
    assertThat(table.size()).isZero();
  }

  @Test
  void shouldCountChangesAlone() {
    table.put(key(80), service("a"));
    table.put(key(80), service("a"));
    assertThat(table.generation()).isEqualTo(1);
    table.put(key(80), service("b"));
    table.remove(key(81));
    assertThat(table.generation()).isEqualTo(2);
    table.remove(key(80));
    assertThat(table.generation()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldHoldWhatAMapHolds(long seed) {
    Random random = new Random(seed);
    Map<ServiceTable.Key, VirtualService> model = new HashMap<>();
    for (int i = 0; i < 30_000; i++) {
      ServiceTable.Key key =
          new ServiceTable.Key(
              random.nextBoolean()
                  ? ADDRESS.plus(random.nextInt(300))
                  : new IpAddress(0xfd00L << 48, random.nextInt(300)),
              random.nextBoolean() ? IpProtocol.TCP : IpProtocol.UDP,
              1 + random.nextInt(3));
      // More additions than removals, then the other way round.
      if (random.nextInt(10) < (i < 15_000 ? 7 : 3)) {
        VirtualService service = service("s" + i);
        table.put(key, service);
        model.put(key, service);
      } else {
        table.remove(key);
        model.remove(key);
      }
      assertThat(table.size()).isEqualTo(model.size());
    }
    for (int host = 0; host < 300; host++) {
      IpAddress address = ADDRESS.plus(host);
      boolean any = false;
      for (int protocol : new int[] {IpProtocol.TCP, IpProtocol.UDP}) {
        for (int port = 1; port <= 3; port++) {
          VirtualService expected = model.get(new ServiceTable.Key(address, protocol, port));
          any |= expected != null;
          assertThat(table.lookup(packetTo(protocol, address.toString(), port)))
              .isEqualTo(expected);
        }
      }
      assertThat(table.isServiceAddress(address)).isEqualTo(any);
    }
  }

  @Test
  void shouldLookUpWithoutGarbage() {
    for (int i = 0; i < 10_000; i++) {
      table.put(new ServiceTable.Key(ADDRESS.plus(i), 6, 80), service("s" + i));
    }
    FlowKey known = packetTo(IpProtocol.TCP, "10.96.1.1", 80);
    FlowKey unknown = packetTo(IpProtocol.TCP, "10.96.1.1", 81);
    lookUp(known, unknown);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    int found = lookUp(known, unknown);
    long octets = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(found).isEqualTo(LOOKUPS);
    assertThat((double) octets / LOOKUPS).isLessThan(1.0);
  }

  private int lookUp(FlowKey known, FlowKey unknown) {
    int found = 0;
    for (int i = 0; i < LOOKUPS; i++) {
      if (table.lookup(known) != null && table.lookup(unknown) == null) {
        found += table.isServiceAddress(ADDRESS) ? 1 : 0;
      }
    }
    return found;
  }
}
