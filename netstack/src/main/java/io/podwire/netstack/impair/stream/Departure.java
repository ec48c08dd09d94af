package io.podwire.netstack.impair.stream;

import io.podwire.netstack.link.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Something that happens at its time: a segment goes on, or a toxic's time is up.
 *
 * @param number which of two at the same time is first
 * @param frame null where it is a toxic's time
 * @param end the sequence number behind the segment
 * @param toxic whose time it is
 */
record Departure(
    long due,
    long number,
    long arrival,
    StreamConnection connection,
    HalfStream half,
    @Nullable Frame frame,
    int end,
    @Nullable ConnectionToxic toxic)
    implements Comparable<Departure> {

  @Override
  public int compareTo(Departure other) {
    return due != other.due ? Long.compare(due, other.due) : Long.compare(number, other.number);
  }
}
