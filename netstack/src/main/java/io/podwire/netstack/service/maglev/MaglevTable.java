package io.podwire.netstack.service.maglev;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.RuleNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The look-up table of Maglev (Eisenbud et al. 2016, section 3.4) as Cilium fills it: backends take
 * turns to take the next free place of their own permutations, as often as their weights say.
 *
 * <p>Immutable once made.
 */
final class MaglevTable {

  /** Cilium's {@code bpf-lb-maglev-table-size}. */
  static final int PLACES = 16_381;

  private static final short NOBODY = -1;

  private final short[] places = new short[PLACES];

  /** Of the backends in this order; without a weight they get nothing. */
  MaglevTable(List<Backend> backends, int protocol, int seed) {
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

  private static String identity(Backend backend, int protocol) {
    return RuleNames.socket(backend.address(), backend.port()) + "/" + RuleNames.protocol(protocol);
  }

  private void fill(List<Backend> backends, Integer[] order, int protocol, int seed) {
    int[] next = new int[order.length];
    int[] skip = new int[order.length];
    int[] weight = new int[order.length];
    double[] due = new double[order.length];
    double weights = 0;
    for (int i = 0; i < order.length; i++) {
      Backend backend = backends.get(order[i]);
      byte[] octets = identity(backend, protocol).getBytes(StandardCharsets.UTF_8);
      long[] hash = Murmur3.hash(octets, seed);
      next[i] = (int) Long.remainderUnsigned(hash[0], PLACES);
      skip[i] = (int) Long.remainderUnsigned(hash[1], PLACES - 1) + 1;
      weight[i] = backend.weight();
      weights += weight[i];
    }
    Arrays.fill(due, weights / order.length);
    int filled = 0;
    for (int i = 0; filled < PLACES; i = i + 1 < order.length ? i + 1 : 0) {
      // Equal weights are always due.
      if ((filled + 1.0) * weight[i] < due[i] && weights > order.length) {
        continue;
      }
      due[i] += weights;
      while (places[next[i]] != NOBODY) {
        next[i] = (next[i] + skip[i]) % PLACES;
      }
      places[next[i]] = order[i].shortValue();
      filled++;
    }
  }

  /** The place in the list of backends; -1 where there are none. */
  int lookup(int hash) {
    return places[Integer.remainderUnsigned(hash, PLACES)];
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
