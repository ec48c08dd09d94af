package io.podwire.cli.experiment.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * All requests of one workload, in the order in which they were told. Thread-safe.
 *
 * <p>Requests are taken in with seconds since 1970, and given out with seconds of the timeline.
 */
public final class SampleLog {
  private static final double MILLI = 1e3;
  // How much later a line may be told than the one after it, in seconds.
  private static final double SLACK = 2;

  private final List<Sample> samples = new ArrayList<>();
  private double origin;

  /** Takes one more in. */
  public synchronized void add(Sample sample) {
    samples.add(sample);
  }

  /** Says when the timeline begins, in seconds since 1970. */
  public synchronized void begin(double time) {
    origin = time;
  }

  /** How many there are. */
  public synchronized int size() {
    return samples.size();
  }

  /** Those that were due in the span. */
  public List<Sample> within(Span span) {
    return where(span::contains);
  }

  private synchronized List<Sample> where(Predicate<Sample> wanted) {
    List<Sample> found = new ArrayList<>();
    for (Sample each : samples) {
      Sample sample = told(each);
      if (wanted.test(sample)) {
        found.add(sample);
      }
    }
    return found;
  }

  /** Those that ended at this second of the timeline or later. */
  public synchronized List<Sample> endedSince(double time) {
    List<Sample> found = new ArrayList<>();
    for (int i = samples.size() - 1; i >= 0; i--) {
      Sample sample = told(samples.get(i));
      double end = sample.time() + sample.millis() / MILLI;
      if (end >= time) {
        found.addFirst(sample);
      } else if (end < time - SLACK) {
        break;
      }
    }
    return found;
  }

  private Sample told(Sample sample) {
    return new Sample(sample.time() - origin, sample.millis(), sample.good(), sample.result());
  }
}
