package io.podwire.dns.cache;

import io.podwire.dns.plugin.Zones;
import java.time.Duration;

/**
 * What a Corefile says of the cache; all times in seconds where they are numbers.
 *
 * @param zones whose answers are kept
 * @param success bounds of answers
 * @param denial bounds of NXDOMAIN and NODATA
 * @param servfail how long a failure is kept; 0 for not at all
 * @param prefetch hits within {@code prefetchGap} of each other after which an answer is renewed
 *     before it ends; 0 never renews
 * @param prefetchPercent of its time that is left then
 * @param stale how long an answer that ended may be given where no new one is to be had; zero never
 * @param verify whether a new one is tried for first
 * @param keepTtl whether TTLs stay as they were
 */
record CacheRules(
    Zones zones,
    Bounds success,
    Bounds denial,
    long servfail,
    int prefetch,
    Duration prefetchGap,
    int prefetchPercent,
    Duration stale,
    boolean verify,
    boolean keepTtl) {

  /**
   * How many answers of a kind are kept, and how long.
   *
   * @param except zones whose answers of this kind are not kept
   */
  record Bounds(int capacity, long most, long least, Zones except) {
    static final Bounds SUCCESS = new Bounds(9984, 3600, 5, Zones.NONE);
    static final Bounds DENIAL = new Bounds(9984, 1800, 5, Zones.NONE);

    Bounds within(long mostSeconds) {
      return new Bounds(capacity, mostSeconds, least, except);
    }

    Bounds without(Zones zones) {
      return new Bounds(capacity, most, least, zones);
    }

    long clamp(long ttl) {
      return Math.min(Math.max(ttl, least), most);
    }
  }
}
