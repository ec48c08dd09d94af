package io.podwire.cli.experiment.measure;

/** A part of the timeline, in seconds; the end is not in it. */
public record Span(double from, double to) {
  /** Whether the request was due in it. */
  public boolean contains(Sample sample) {
    return sample.time() >= from && sample.time() < to;
  }

  /** Without its first seconds. */
  public Span after(double seconds) {
    return new Span(Math.min(to, from + seconds), to);
  }

  /** Its length in seconds. */
  public double length() {
    return Math.max(0, to - from);
  }
}
