package io.podwire.bench.comparison;

/** The measurements of one topic. */
public interface Chapter {

  /** What it measures. */
  Topic topic();

  /** Measures and adds what it finds to the session's findings. */
  void measure(Session session);
}
