package io.podwire.controlplane.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podwire.cluster.store.Claim;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an object's znode holds: a line with the claims that it owns, such as {@code
 * clusterips=10.96.0.5 nodeports=30086}, and the manifest after it. So every version tells which
 * claims go with it.
 */
@SuppressWarnings("ArrayRecordComponent")
record ObjectRecord(Set<Claim> claims, byte[] value) {

  /** Leaves room for a transaction's other parts below ZooKeeper's limit. */
  private static final int MAX_BYTES = 1_000_000;

  static ObjectRecord decode(byte[] data) {
    int end = 0;
    while (data[end] != '\n') {
      end++;
    }
    Set<Claim> claims = new HashSet<>();
    for (String claim : new String(data, 0, end, UTF_8).split(" ", -1)) {
      int equals = claim.indexOf('=');
      if (equals > 0) {
        claims.add(new Claim(claim.substring(0, equals), claim.substring(equals + 1)));
      }
    }
    return new ObjectRecord(claims, Arrays.copyOfRange(data, end + 1, data.length));
  }

  byte[] encode() {
    String header =
        claims.stream()
            .sorted(Comparator.comparing(Claim::pool).thenComparing(Claim::value))
            .map(claim -> claim.pool() + "=" + claim.value())
            .collect(Collectors.joining(" ", "", "\n"));
    byte[] head = header.getBytes(UTF_8);
    if (head.length + value.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "an object of "
              + value.length
              + " bytes is too large; at most "
              + MAX_BYTES
              + " are kept");
    }
    byte[] data = Arrays.copyOf(head, head.length + value.length);
    System.arraycopy(value, 0, data, head.length, value.length);
    return data;
  }
}
