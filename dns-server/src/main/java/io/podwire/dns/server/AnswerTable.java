package io.podwire.dns.server;

import io.podwire.packet.dns.PlainQuery;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Answers that are ready, by name and type; open addressing, looked up without making objects.
 *
 * <p>Grows with the names asked for up to a bound, at which it begins anew. Not thread-safe;
 * confined to the event loop that asks it.
 */
final class AnswerTable {
  private static final int FIRST_CAPACITY = 256;
  private static final int LARGEST_CAPACITY = 1 << 16;

  /** Places that an answer may stand in, one after the other; so many are looked at, no more. */
  private static final int WINDOW = 8;

  private final int maxOctets;
  private @Nullable ReadyAnswer[] places = new ReadyAnswer[FIRST_CAPACITY + WINDOW];
  private int mask = FIRST_CAPACITY - 1;
  private int victim;
  private int octets;

  /**
   * An empty table.
   *
   * @param maxOctets of all answers together
   */
  AnswerTable(int maxOctets) {
    this.maxOctets = maxOctets;
  }

  /** The answer that is still right; null where there is none. */
  @Nullable ReadyAnswer find(PlainQuery query) {
    int start = (int) query.hash() & mask;
    for (int i = start; i < start + WINDOW; i++) {
      ReadyAnswer each = places[i];
      if (each == null) {
        return null;
      }
      if (each.answers(query)) {
        return each.holds() ? each : null;
      }
    }
    return null;
  }

  /** Forgets all. */
  void clear() {
    Arrays.fill(places, null);
    octets = 0;
  }

  /** Keeps an answer in place of an earlier one to the same query. */
  void put(PlainQuery query, ReadyAnswer answer) {
    int place = place(query);
    boolean crowded = places[place] != null && !stale(places[place], query);
    if (crowded && mask + 1 < LARGEST_CAPACITY && octets < maxOctets) {
      grow();
      place = place(query);
    }
    ReadyAnswer before = places[place];
    int after = octets + answer.weight() - (before == null ? 0 : before.weight());
    if (after > maxOctets) {
      // Whatever is asked for again comes back; so many were asked for first that this is rare.
      Arrays.fill(places, null);
      place = place(query);
      after = answer.weight();
    }
    places[place] = answer;
    octets = after;
  }

  private static boolean stale(@Nullable ReadyAnswer each, PlainQuery query) {
    return each == null || each.answers(query) || !each.holds();
  }

  /** The answer to the same query, else a free place, else one that no longer holds, else any. */
  private int place(PlainQuery query) {
    int start = (int) query.hash() & mask;
    int outdated = -1;
    for (int i = start; i < start + WINDOW; i++) {
      ReadyAnswer each = places[i];
      if (each == null || each.answers(query)) {
        return each == null && outdated >= 0 ? outdated : i;
      }
      if (outdated < 0 && !each.holds()) {
        outdated = i;
      }
    }
    return outdated >= 0 ? outdated : start + (victim++ & WINDOW - 1);
  }

  private void grow() {
    @Nullable ReadyAnswer[] before = places;
    mask = mask * 2 + 1;
    places = new ReadyAnswer[mask + 1 + WINDOW];
    octets = 0;
    Arrays.stream(before).forEach(this::keep);
  }

  private void keep(@Nullable ReadyAnswer each) {
    if (each == null || !each.holds()) {
      return;
    }
    int start = (int) each.hash() & mask;
    for (int i = start; i < start + WINDOW; i++) {
      if (places[i] == null) {
        places[i] = each;
        octets += each.weight();
        return;
      }
    }
  }

  /** Octets of all answers together. */
  int octets() {
    return octets;
  }
}
