package io.podwire.bench.micro;

import io.podwire.netstack.link.Coalescer;
import io.podwire.netstack.link.Frame;
import io.podwire.netstack.link.Segmenter;
import io.podwire.packet.addr.IpAddress;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A frame of many TCP segments: cut for the tunnel, and joined when it has arrived. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LargeFrame {
  private static final int SEGMENT = 1410;
  private static final IpAddress FROM = IpAddress.parse("10.244.1.2");
  private static final IpAddress TO = IpAddress.parse("10.244.2.2");

  /** How many segments it has; 44 of them are as many octets as a Pod's kernel sends at once. */
  @Param({"2", "44"})
  public int segments;

  private final Segmenter segmenter = new Segmenter();
  private Frame whole = Frame.allocate(0);
  private Frame wire = Frame.allocate(0);
  private Frame arrived = Frame.allocate(0);
  private int joined;
  private final Coalescer coalescer = new Coalescer(frame -> joined += frame.packets());

  /** Makes the frame and its segments. */
  @Setup
  public void build() {
    whole = Packets.tcp(FROM, TO, segments * SEGMENT, SEGMENT);
    int each = whole.segmentHeaderLength() + SEGMENT;
    wire = Packets.frame(segments * each);
    arrived = Packets.frame(segments * each);
    segment();
    if (join() != segments) {
      throw new IllegalStateException("the benchmark's segments are not joined");
    }
  }

  /** Headers, checksums and a copy of the payload for each segment. */
  @Benchmark
  public int segment() {
    segmenter.wrap(whole);
    int at = wire.start();
    for (int i = 0; i < segmenter.count(); i++) {
      segmenter.write(i, wire.buffer(), at);
      at += segmenter.length(i);
    }
    return at;
  }

  /** Checks and joins them, in a buffer into which they have been copied. */
  @Benchmark
  public int join() {
    joined = 0;
    int start = Frame.HEADROOM;
    arrived.reset(start, wire.length());
    arrived.copyFrom(wire);
    int each = wire.length() / segments;
    for (int i = 0; i < segments; i++) {
      arrived.reset(start + i * each, each);
      coalescer.add(arrived);
    }
    coalescer.flush(arrived);
    return joined;
  }

  /** What copying them costs. */
  @Benchmark
  public int copy() {
    arrived.copyFrom(wire);
    return arrived.length();
  }
}
