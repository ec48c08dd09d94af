package io.podwire.bench.comparison;

import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.program.BenchFailure;
import io.podwire.linux.LinuxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The same measurement on several peers in turn, round by round, so that what the machine does
 * besides meets all of them alike; another one begins each round.
 *
 * @param <V> what one measurement gives
 */
final class Rounds<V> {
  private final Map<String, List<V>> values;

  private Rounds(Map<String, List<V>> values) {
    this.values = values;
  }

  /**
   * Measures. A peer on which one fails is reported and left out of what follows, so that all that
   * remain have a value for each round.
   */
  static <P, V> Rounds<V> of(
      Session session, String what, Map<String, P> peers, Function<P, V> once) {
    List<String> names = new ArrayList<>(peers.keySet());
    Map<String, List<V>> values = new LinkedHashMap<>();
    names.forEach(name -> values.put(name, new ArrayList<>()));
    int rounds = session.plan().rounds();
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < names.size(); turn++) {
        String name = names.get((round + turn) % names.size());
        List<V> ofPeer = values.get(name);
        P peer = peers.get(name);
        if (ofPeer == null || peer == null) {
          continue;
        }
        session.progress().now(what + ": round " + (round + 1) + " of " + rounds + ", " + name);
        try {
          ofPeer.add(once.apply(peer));
        } catch (BenchFailure | LinuxException failure) {
          session.failed(what + ", " + name, failure);
          values.remove(name);
        }
      }
    }
    return new Rounds<>(values);
  }

  /** Whether no peer is left. */
  boolean isEmpty() {
    return values.isEmpty();
  }

  /** One number of each measurement as a row; not to be asked for where nothing is left. */
  Row row(String id, String what, String unit, ToDoubleFunction<V> number) {
    List<Series> series = new ArrayList<>();
    values.forEach((peer, ofPeer) ->
        series.add(
            new Series(peer, Samples.of(ofPeer.stream().map(number::applyAsDouble).toList()))));
    return Row.of(id, what, unit, series);
  }
}
