package io.podwire.netstack.service.maglev;

/** Bob Jenkins's lookup3 over three words, which the kernel calls {@code jhash_3words}. */
final class JenkinsHash {

  private static final int START = 0xdead_beef + (3 << 2);

  private JenkinsHash() {}

  static int of(int x, int y, int z, int seed) {
    int a = x + START + seed;
    int b = y + START + seed;
    int c = z + START + seed;
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    c = (c ^ b) - Integer.rotateLeft(b, 24);
    return c;
  }
}
