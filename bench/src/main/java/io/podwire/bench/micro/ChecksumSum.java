package io.podwire.bench.micro;

import io.podwire.packet.Checksum;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The internet checksum (RFC 1071) over direct memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChecksumSum {

  /** Octets. */
  @Param({"64", "1400", "65160"})
  public int length;

  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  /** Fills the memory. */
  @Setup
  public void fill() {
    buffer = ByteBuffer.allocateDirect(length);
    for (int i = 0; i < length; i++) {
      buffer.put(i, (byte) (i * 31));
    }
  }

  /** The sum over all of it. */
  @Benchmark
  public long sum() {
    return Checksum.sum(buffer, 0, length);
  }
}
