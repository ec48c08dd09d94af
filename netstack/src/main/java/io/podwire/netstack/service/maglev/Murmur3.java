package io.podwire.netstack.service.maglev;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** MurmurHash3 of 128 bits for 64-bit machines (Austin Appleby), as Cilium's Maglev has it. */
final class Murmur3 {

  private static final long C1 = 0x87c3_7b91_1142_53d5L;
  private static final long C2 = 0x4cf5_ad43_2745_937fL;
  private static final int BLOCK = 16;

  private Murmur3() {}

  /** Both halves of the hash. */
  static long[] hash(byte[] octets, int seed) {
    ByteBuffer buffer = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    long h1 = seed & 0xffff_ffffL;
    long h2 = h1;
    int whole = octets.length / BLOCK * BLOCK;
    for (int at = 0; at < whole; at += BLOCK) {
      h1 ^= first(buffer.getLong(at));
      h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dc_e729;
      h2 ^= second(buffer.getLong(at + 8));
      h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x3849_5ab5;
    }
    ByteBuffer rest = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    rest.put(octets, whole, octets.length - whole);
    h2 ^= second(rest.getLong(8));
    h1 ^= first(rest.getLong(0));
    h1 ^= octets.length;
    h2 ^= octets.length;
    h1 += h2;
    h2 += h1;
    h1 = finish(h1);
    h2 = finish(h2);
    h1 += h2;
    h2 += h1;
    return new long[] {h1, h2};
  }

  private static long first(long k) {
    return Long.rotateLeft(k * C1, 31) * C2;
  }

  private static long second(long k) {
    return Long.rotateLeft(k * C2, 33) * C1;
  }

  private static long finish(long h) {
    long mixed = (h ^ h >>> 33) * 0xff51_afd7_ed55_8ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
    return mixed ^ mixed >>> 33;
  }
}
