package io.podwire.testkit.topology;

import java.util.Locale;

/** Which addresses everything in a cluster has. */
public enum IpFamily {
  IPV4,
  IPV6,
  /** Both; IPv4 is the primary one. */
  DUAL;

  /** As {@code podwire up --ip-family} takes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
