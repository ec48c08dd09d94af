package io.podwire.dns.cache;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** At most so many answers; where there is no place, any one goes. Thread-safe. */
final class CacheStore {
  private final ConcurrentHashMap<CacheItem.Key, CacheItem> items = new ConcurrentHashMap<>();
  private final int capacity;
  private final Runnable onEviction;

  CacheStore(int capacity, Runnable onEviction) {
    this.capacity = capacity;
    this.onEviction = onEviction;
  }

  @Nullable CacheItem get(CacheItem.Key key) {
    return items.get(key);
  }

  void put(CacheItem.Key key, CacheItem item) {
    items.put(key, item);
    while (items.size() > capacity) {
      Iterator<CacheItem.Key> any = items.keySet().iterator();
      if (!any.hasNext()) {
        return;
      }
      CacheItem.Key victim = any.next();
      if (victim.equals(key) && any.hasNext()) {
        victim = any.next();
      }
      if (items.remove(victim) != null) {
        onEviction.run();
      }
    }
  }

  void remove(CacheItem.Key key) {
    items.remove(key);
  }

  int size() {
    return items.size();
  }
}
