package io.podwire.bench.comparison;

import java.util.Locale;

/** What can be measured by itself. */
public enum Topic {
  TCP("TCP between Pods, on two nodes and on one", false),
  UDP("UDP packets delivered each second", false),
  PING("round trips at light load", false),
  DNS("DNS queries answered each second", false),
  DNS_UPDATES("DNS answers while Services change each second", false),
  LOOKUP("finding a Service among 10 and among 100,000", false),
  SERVICES("what 10 to 20,000 Services cost a node in each mode of balancing", false),
  MEMORY("memory of an agent with ten Pods", false),
  START("a cluster of three nodes, until all is Ready", false),
  FAULTS("what faults cost: others' throughput, delayed packets, memory", false),
  AGENTS("100 agents on this machine", true),
  PROPAGATION("a Service's change until the last of 100 agents acts on it", true),
  SOAK("memory, open files and threads under minutes of full load", true);

  private final String description;
  private final boolean slow;

  Topic(String description, boolean slow) {
    this.description = description;
    this.slow = slow;
  }

  /** The word on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What is measured, for people. */
  public String description() {
    return description;
  }

  /** Whether it is left out unless somebody asks for it. */
  public boolean isSlow() {
    return slow;
  }
}
