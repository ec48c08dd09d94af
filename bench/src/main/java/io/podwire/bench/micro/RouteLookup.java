package io.podwire.bench.micro;

import io.podwire.netstack.route.Route;
import io.podwire.netstack.route.RouteTable;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
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

/** Finding the route to a Pod among those of that many nodes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteLookup {
  private static final int ADDRESSES = 4096;
  private static final int NODE_PREFIX = 24;
  private static final Cidr PODS = Cidr.parse("10.128.0.0/9");

  /** How many nodes have a prefix. */
  @Param({"3", "100", "5000"})
  public int nodes;

  private final RouteTable table = new RouteTable();
  private final IpAddress[] addresses = new IpAddress[ADDRESSES];
  private int next;

  /** Fills the table. */
  @Setup
  public void fill() {
    for (int node = 0; node < nodes; node++) {
      table.put(Cidr.around(PODS.address(node << 8), NODE_PREFIX), new Route.Bridged());
    }
    table.put(Cidr.parse("10.96.0.0/16"), new Route.ServiceNetwork());
    table.put(Cidr.parse("0.0.0.0/0"), new Route.External());
    Random lot = new Random(1);
    for (int i = 0; i < ADDRESSES; i++) {
      addresses[i] = PODS.address((lot.nextInt(nodes) << 8) + 2 + lot.nextInt(250));
    }
  }

  /** One lookup. */
  @Benchmark
  public @Nullable Route lookup() {
    next = (next + 1) & (ADDRESSES - 1);
    IpAddress address = addresses[next];
    return table.lookup(address.high(), address.low());
  }
}
