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
 * @param staleness how such an answer is given
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
    Staleness staleness,
    boolean keepTtl) {

  /**
   * How an answer that ended is given.
   *
   * @param verify whether a new one is tried for first
   * @param timeout how long that is waited for; zero for as long as it takes
   * @param ttl seconds that it says
   * @param recheck after a new one could not be had, none is tried for before this is over
   */
  record Staleness(boolean verify, Duration timeout, long ttl, Duration recheck) {
    static final Staleness DEFAULT = new Staleness(false, Duration.ZERO, 0, Duration.ZERO);
  }

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
