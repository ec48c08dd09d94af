package io.podwire.cluster.model;

/** Transport protocols of Service and container ports. */
public enum Protocol {
  TCP(6),
  UDP(17),
  SCTP(132);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** The IANA protocol number. */
  public int number() {
    return number;
  }
}
