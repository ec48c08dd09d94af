package io.podwire.packet;

import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.quicktheories.core.Gen;
import org.quicktheories.core.RandomnessSource;

/** Generators of field values, and a buffer full of ones, so that what is not written shows. */
final class RoundTrip {

  static final Gen<IpAddress> IPV4 = integers().all().map(IpAddress::ofIpv4);
  static final Gen<IpAddress> IPV6 = longs().all().zip(longs().all(), IpAddress::new);
  static final Gen<MacAddress> MAC = longs().between(0, 0xffff_ffff_ffffL).map(MacAddress::new);

  private RoundTrip() {}

  static ByteBuffer dirtyBuffer(int size) {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    for (int i = 0; i < size; i++) {
      buffer.put(i, (byte) 0xff);
    }
    return buffer;
  }

  static Octets all(ByteBuffer buffer) {
    return Octets.copyOf(buffer, 0, buffer.capacity());
  }

  static int bits(RandomnessSource in, int bits) {
    return integers().between(0, (1 << bits) - 1).generate(in);
  }

  static boolean flag(RandomnessSource in) {
    return bits(in, 1) == 1;
  }

  static int anyInt(RandomnessSource in) {
    return integers().all().generate(in);
  }

  /** So many octets, or a multiple of the unit up to it. */
  static Octets octets(RandomnessSource in, int max, int unit) {
    byte[] bytes = new byte[integers().between(0, max / unit).generate(in) * unit];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) bits(in, 8);
    }
    return Octets.of(bytes);
  }

  static <T> List<T> listOf(RandomnessSource in, int max, Gen<T> gen) {
    List<T> list = new ArrayList<>();
    for (int n = integers().between(0, max).generate(in); n > 0; n--) {
      list.add(gen.generate(in));
    }
    return list;
  }
}
