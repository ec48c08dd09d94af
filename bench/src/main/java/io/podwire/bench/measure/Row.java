package io.podwire.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing that was measured, on one peer or several.
 *
 * @param id for programs that read the JSON
 * @param what for people
 * @param unit of the series' values
 */
public record Row(
    String id, String what, String unit, List<Series> series, List<Verdict> verdicts) {

  /** Keeps its own copies of the lists. */
  public Row {
    series = List.copyOf(series);
    verdicts = List.copyOf(verdicts);
  }

  /** A row without verdicts so far. */
  public static Row of(String id, String what, String unit, List<Series> series) {
    return new Row(id, what, unit, series, List.of());
  }

  /** With the ratio of two peers, where both were measured. */
  public Row compared(String subject, String against, Optional<Target> target) {
    Optional<Series> ours = find(subject);
    Optional<Series> theirs = find(against);
    return ours.isPresent() && theirs.isPresent()
        ? with(Verdict.ratio(ours.get(), theirs.get(), target))
        : this;
  }

  /** With a target for one peer's own values, where it was measured. */
  public Row bounded(String subject, Target target) {
    return find(subject).map(ours -> with(Verdict.absolute(ours, target))).orElse(this);
  }

  private Row with(Verdict verdict) {
    List<Verdict> more = new ArrayList<>(verdicts);
    more.add(verdict);
    return new Row(id, what, unit, series, more);
  }

  private Optional<Series> find(String peer) {
    return series.stream().filter(each -> each.peer().equals(peer)).findFirst();
  }
}
