package io.podwire.dns.kubernetes;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An immutable hash map whose changed copies share all shards but the changed one, so that a change
 * costs little however many entries there are. Thread-safe.
 */
final class ShardedMap<K, V> {
  private static final int SHARDS = 512;

  private final Map<K, V>[] shards;

  private ShardedMap(Map<K, V>[] shards) {
    this.shards = shards;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  static <K, V> ShardedMap<K, V> empty() {
    Map<K, V>[] shards = new Map[SHARDS];
    Arrays.fill(shards, Map.of());
    return new ShardedMap<>(shards);
  }

  @Nullable V get(K key) {
    return shards[shard(key)].get(key);
  }

  /** With the value that the change makes of the present one; null stands for no entry. */
  ShardedMap<K, V> with(K key, UnaryOperator<@Nullable V> change) {
    int index = shard(key);
    Map<K, V> shard = new HashMap<>(shards[index]);
    V value = change.apply(shard.get(key));
    if (value == null) {
      shard.remove(key);
    } else {
      shard.put(key, value);
    }
    Map<K, V>[] copy = shards.clone();
    copy[index] = shard;
    return new ShardedMap<>(copy);
  }

  ShardedMap<K, V> with(K key, @Nullable V value) {
    return with(key, present -> value);
  }

  private static int shard(Object key) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 16) & SHARDS - 1;
  }
}
