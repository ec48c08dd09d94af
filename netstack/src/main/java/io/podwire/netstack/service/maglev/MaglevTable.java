package io.podwire.netstack.service.maglev;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.RuleNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The look-up table of Maglev (Eisenbud et al. 2016, section 3.4) as Cilium fills it: backends take
 * turns to take the next free place of their own permutations, as often as their weights say.
 *
 * <p>With the same seed and number of places it is the table that Cilium makes. Immutable once
 * made.
 */
final class MaglevTable {

  /** Cilium's {@code bpf-lb-maglev-table-size}. */
  static final int PLACES = 16_381;

  private static final short NOBODY = -1;

  private final short[] places;

  /** Of the backends in this order; without a weight they get nothing. */
  MaglevTable(List<Backend> backends, int protocol, int seed) {
    this(backends, protocol, seed, PLACES);
  }

  /** With another number of places, which has to be a prime. */
  MaglevTable(List<Backend> backends, int protocol, int seed, int size) {
    places = new short[size];
    Arrays.fill(places, NOBODY);
    Integer[] order =
        IntStream.range(0, Math.min(backends.size(), Short.MAX_VALUE))
            .boxed()
            .filter(i -> backends.get(i).weight() > 0)
            // The table must not depend on the order in which backends are known.
            .sorted(Comparator.comparing(i -> identity(backends.get(i), protocol)))
            .toArray(Integer[]::new);
    if (order.length > 0) {
      fill(backends, order, protocol, seed);
    }
  }

  /** What Cilium hashes; it keeps the form that it once had, so that nodes agree. */
  private static String identity(Backend backend, int protocol) {
    String name = RuleNames.protocol(protocol).toUpperCase(Locale.ROOT);
    String socket = RuleNames.socket(backend.address(), backend.port());
    return "[" + socket + "/" + name + ",State:active]";
  }

  private void fill(List<Backend> backends, Integer[] order, int protocol, int seed) {
    int size = places.length;
    int[] next = new int[order.length];
    int[] skip = new int[order.length];
    int[] weight = new int[order.length];
    double[] due = new double[order.length];
    long weights = 0;
    for (int i = 0; i < order.length; i++) {
      Backend backend = backends.get(order[i]);
      byte[] octets = identity(backend, protocol).getBytes(StandardCharsets.UTF_8);
      long[] hash = Murmur3.hash(octets, seed);
      next[i] = (int) Long.remainderUnsigned(hash[0], size);
      skip[i] = (int) Long.remainderUnsigned(hash[1], size - 1) + 1;
      weight[i] = backend.weight();
      weights += weight[i];
      // Everybody has a first turn soon.
      due[i] = (double) weight[i] / order.length;
    }
    // Cilium's condition: a mean weight below 2 counts as equal weights.
    boolean weighted = weights / order.length > 1;
    for (int filled = 0; filled < size; filled++) {
      int i = filled % order.length;
      if (weighted) {
        while ((filled + 1L) * weight[i] < (long) due[i]) {
          i = i + 1 < order.length ? i + 1 : 0;
        }
        due[i] += weights;
      }
      int place = next[i];
      while (places[place] != NOBODY) {
        place = after(place, skip[i]);
      }
      places[place] = order[i].shortValue();
      next[i] = after(place, skip[i]);
    }
  }

  private int after(int place, int skip) {
    int next = place + skip;
    return next < places.length ? next : next - places.length;
  }

  /** The place in the list of backends; -1 where there are none. */
  int lookup(int hash) {
    return places[Integer.remainderUnsigned(hash, places.length)];
  }

  /** How many places each backend has. */
  int[] shares(int backends) {
    int[] shares = new int[backends];
    for (short place : places) {
      if (place != NOBODY) {
        shares[place]++;
      }
    }
    return shares;
  }

  int at(int place) {
    return places[place];
  }
}
