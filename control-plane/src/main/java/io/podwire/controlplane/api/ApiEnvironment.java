package io.podwire.controlplane.api;

import io.podwire.cluster.store.Store;
import io.podwire.controlplane.kind.KindContext;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What the API works on and with.
 *
 * @param clock of creation and deletion timestamps, and of watch timeouts
 * @param random of uids and generated names; must be thread-safe
 */
public record ApiEnvironment(
    Store store,
    KindContext context,
    ServiceAddresses addresses,
    InstantSource clock,
    RandomGenerator random) {

  private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;

  /** Now, in whole seconds as in Kubernetes' timestamps. */
  String timestamp() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A random UUID (RFC 9562, version 4). */
  String newUid() {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & ~(0xc0L << 56)) | (0x80L << 56);
    return new UUID(high, low).toString();
  }

  /** What follows {@code metadata.generateName}. */
  String newSuffix() {
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      suffix.append(SUFFIX_ALPHABET.charAt(random.nextInt(SUFFIX_ALPHABET.length())));
    }
    return suffix.toString();
  }
}
