package io.podwire.cli.experiment.plan;

import java.util.Set;

/** The words for parts of the timeline that are no step's. */
public final class Phase {
  /** Until the first step begins. */
  public static final String BEFORE = "before";

  /** From the end of the last step. */
  public static final String AFTER = "after";

  /** The whole timeline. */
  public static final String ALL = "all";

  /** All of them. */
  public static final Set<String> WORDS = Set.of(BEFORE, AFTER, ALL);

  private Phase() {}
}
