package io.podwire.netstack.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashTableTest {

  private static class Number extends HashKey<Number> {
    int value;

    Number(int value) {
      this.value = value;
    }

    @Override
    protected int hash(long seed) {
      // A seed of zero makes a bad hash, for tests of long chains.
      return seed == 0 ? value & 3 : (int) (fold(value ^ seed, seed * 31) >>> 16);
    }

    @Override
    protected boolean sameAs(Number other) {
      return value == other.value;
    }
  }

  private static final class Entry extends Number {
    Entry(int value) {
      super(value);
    }
  }

  private HashTable<Number, Entry> table = new HashTable<Number, Entry>(1);
  private final Map<Integer, Entry> model = new HashMap<>();
  private final Number probe = new Number(0);

  private void expectSameAsModel(int range) {
    assertThat(table.size()).isEqualTo(model.size());
    for (int value = 0; value < range; value++) {
      probe.value = value;
      assertThat(table.get(probe)).isSameAs(model.get(value));
    }
    Set<Entry> visited = new HashSet<>();
    table.forEach(entry -> assertThat(visited.add(entry)).isTrue());
    assertThat(visited).hasSize(model.size());
  }

  private void addIfAbsent(int value) {
    if (!model.containsKey(value)) {
      Entry entry = new Entry(value);
      model.put(value, entry);
      table.add(entry);
    }
  }

  private void remove(int value) {
    Entry entry = model.remove(value);
    if (entry == null) {
      assertThat(table.remove(new Entry(value))).isFalse();
    } else {
      assertThat(table.remove(entry)).isTrue();
      assertThat(table.remove(entry)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 0x5eed_5eed_5eed_5eedL, -1})
  void shouldHoldWhatAMapHolds(long seed) {
    table = new HashTable<Number, Entry>(seed);
    Random random = new Random(seed);
    int range = seed == 0 ? 200 : 3000;
    for (int phase = 0; phase < 12; phase++) {
      // It grows and shrinks in turn, so that buckets are split and joined again and again.
      int additions = phase % 2 == 0 ? 9 : 1;
      for (int i = 0; i < 2 * range; i++) {
        int value = random.nextInt(range);
        if (random.nextInt(10) < additions) {
          addIfAbsent(value);
        } else {
          remove(value);
        }
        if (i % 500 == 0) {
          int rest = random.nextInt(7);
          int before = table.size();
          assertThat(
                  table.sweep(
                      random.nextInt(64),
                      entry -> entry.value % 7 == rest && model.remove(entry.value) == entry))
              .isEqualTo(before - model.size());
        }
      }
      expectSameAsModel(range);
    }
  }

  @Test
  void shouldComeToEveryEntryInOneRoundOfSweeps() {
    for (int value = 0; value < 1000; value++) {
      addIfAbsent(value);
    }
    List<Integer> visited = new ArrayList<>();
    for (int buckets = 0; buckets < 2000; buckets += 16) {
      table.sweep(16, entry -> !visited.add(entry.value));
    }
    assertThat(visited).hasSize(1000).doesNotHaveDuplicates();
  }

  @Test
  void shouldRemoveWhatAPredicateSaysAndBeSmallAgain() {
    for (int value = 0; value < 100_000; value++) {
      addIfAbsent(value);
    }
    assertThat(table.removeIf(entry -> entry.value >= 10)).isEqualTo(99_990);
    model.keySet().removeIf(value -> value >= 10);
    expectSameAsModel(100);
    // A sweep of 100 buckets goes through all that there are, several times at most.
    Set<Integer> visited = new HashSet<>();
    table.sweep(100, entry -> !visited.add(entry.value));
    assertThat(visited).hasSize(10);
  }
}
