package io.podwire.bench.micro;

import io.podwire.netstack.filter.FlowKey;
import io.podwire.netstack.filter.Packet;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.Ipv4Header;
import io.podwire.packet.UdpHeader;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Finding the Service of a new connection among more and fewer of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ServiceLookup {
  private static final int KEYS = 4096;
  private static final int PORT = 80;
  private static final IpAddress CLIENT = IpAddress.parse("10.244.1.2");
  private static final IpAddress FIRST = IpAddress.parse("10.96.0.0");

  /** How many there are. */
  @Param({"10", "1000", "100000"})
  public int services;

  /** How many of them are asked for in turn; their places in the table are drawn by lot. */
  @Param({"10", "4096"})
  public int asked;

  private final ServiceTable table = new ServiceTable();
  private final FlowKey[] keys = new FlowKey[KEYS];
  private int next;

  /** Fills the table. */
  @Setup
  public void fill() {
    for (int i = 0; i < services; i++) {
      table.put(
          new ServiceTable.Key(address(i), IpProtocol.UDP, PORT),
          new VirtualService("bench/" + i, List.of(new Backend(CLIENT, PORT))));
    }
    Random lot = new Random(1);
    int[] places = lot.ints(asked, 0, services).toArray();
    for (int i = 0; i < KEYS; i++) {
      keys[i] = key(address(places[i % asked]));
    }
  }

  private static IpAddress address(int number) {
    return IpAddress.ofIpv4(FIRST.ipv4Bits() + number);
  }

  /** The key of a datagram to the address, as the packet path makes it. */
  private static FlowKey key(IpAddress destination) {
    Frame frame = Frame.allocate(64);
    int start = Frame.HEADROOM;
    UdpHeader udp = new UdpHeader(4000, PORT, 0);
    Ipv4Header ip = Ipv4Header.of(CLIENT, destination, IpProtocol.UDP, 8);
    int offset = start + ip.emit(frame.buffer(), start);
    frame.reset(start, ip.length() + udp.emit(frame.buffer(), offset));
    Packet packet = new Packet(frame);
    if (packet.parse(frame, start) != null) {
      throw new IllegalStateException("the benchmark's packet is malformed");
    }
    return packet.key();
  }

  /** One lookup. */
  @Benchmark
  public @Nullable VirtualService lookup() {
    next = (next + 1) & (KEYS - 1);
    return table.lookup(keys[next]);
  }
}
