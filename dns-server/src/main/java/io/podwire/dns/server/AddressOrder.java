package io.podwire.dns.server;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * Puts addresses into a random order, each as likely as any other, without making objects.
 *
 * <p>Not thread-safe.
 */
final class AddressOrder {
  private final RandomGenerator random;

  AddressOrder(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Shuffles in place.
   *
   * @param first where the first address of the run is
   */
  void shuffle(ByteBuffer octets, int first, AddressRun run) {
    for (int i = run.count() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      for (int part = 0; part < run.size(); part += Integer.BYTES) {
        int here = first + i * run.stride() + part;
        int there = first + j * run.stride() + part;
        int kept = octets.getInt(here);
        octets.putInt(here, octets.getInt(there));
        octets.putInt(there, kept);
      }
    }
  }
}
