package io.podwire.dns.server;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** SipHash-2-4: a keyed hash that nobody without the key can tell the outcome of; stateless. */
final class SipHash {
  private SipHash() {}

  /** The hash of some octets under a key of 128 bits. */
  static long of(long key0, long key1, byte[] octets) {
    long[] v = {
      key0 ^ 0x736f6d6570736575L,
      key1 ^ 0x646f72616e646f6dL,
      key0 ^ 0x6c7967656e657261L,
      key1 ^ 0x7465646279746573L
    };
    ByteBuffer words = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    while (words.remaining() >= Long.BYTES) {
      mix(v, words.getLong());
    }
    long last = (long) octets.length << 56;
    for (int i = 0; words.hasRemaining(); i++) {
      last |= (words.get() & 0xffL) << 8 * i;
    }
    mix(v, last);
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++) {
      round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
  }

  private static void mix(long[] v, long word) {
    v[3] ^= word;
    round(v);
    round(v);
    v[0] ^= word;
  }

  private static void round(long[] v) {
    v[0] += v[1];
    v[2] += v[3];
    v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
    v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
    v[0] = Long.rotateLeft(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
    v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
    v[2] = Long.rotateLeft(v[2], 32);
  }
}
