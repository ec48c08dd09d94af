package io.podwire.bench.micro;

import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.RecordType;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reading and writing a DNS query for a Service's name. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DnsMessages {
  private final DnsMessage message =
      DnsMessage.query(
          1, Question.of(DnsName.parse("svc-1.bench.svc.cluster.local."), RecordType.A));
  private final ByteBuffer wire = DnsCodec.encode(message, DnsCodec.MAX_PLAIN_UDP);

  /** A query from its octets. */
  @Benchmark
  public Decoded decode() {
    return DnsCodec.decode(wire.duplicate());
  }

  /** A query to its octets. */
  @Benchmark
  public ByteBuffer encode() {
    return DnsCodec.encode(message, DnsCodec.MAX_PLAIN_UDP);
  }
}
