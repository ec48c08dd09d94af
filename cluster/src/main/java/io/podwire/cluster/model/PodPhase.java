package io.podwire.cluster.model;

/** A Pod's lifecycle phase, named as Kubernetes prints it. */
public enum PodPhase {
  PENDING("Pending"),
  RUNNING("Running"),
  SUCCEEDED("Succeeded"),
  FAILED("Failed");

  private final String text;

  PodPhase(String text) {
    this.text = text;
  }

  /** Whether the Pod will run nothing any more. */
  public boolean isFinal() {
    return this == SUCCEEDED || this == FAILED;
  }

  /** As in {@code status.phase}. */
  public String text() {
    return text;
  }

  /** The phase printed so, {@link #PENDING} for anything unknown. */
  public static PodPhase of(String text) {
    for (PodPhase phase : values()) {
      if (phase.text.equals(text)) {
        return phase;
      }
    }
    return PENDING;
  }
}
