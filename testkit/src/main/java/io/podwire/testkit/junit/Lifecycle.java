package io.podwire.testkit.junit;

/** How long a cluster lives. */
public enum Lifecycle {
  /** From before the class's first test until after its last; nested classes use it too. */
  CLASS,
  /** For one test method: each has a new one. */
  METHOD,
  /**
   * Until the end of the run. A class that asks for an equal topology is given one that is free,
   * brought back to its first state; two classes never have the same at the same time.
   */
  SHARED
}
