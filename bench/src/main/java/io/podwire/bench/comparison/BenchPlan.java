package io.podwire.bench.comparison;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is measured, and how long.
 *
 * @param rounds in each of which every peer has its turn
 * @param seconds of each single measurement
 * @param names that the DNS servers serve
 * @param agents of the largest cluster
 * @param minutes of the load under which memory is to stay flat
 */
public record BenchPlan(
    Set<Topic> topics, int rounds, int seconds, int names, int agents, int minutes) {

  /** Keeps its own copy of the topics. */
  public BenchPlan {
    topics = Collections.unmodifiableSet(EnumSet.copyOf(topics));
  }

  /** For the report. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("topics", String.join(",", topics.stream().map(Topic::word).toList()));
    facts.put("rounds", String.valueOf(rounds));
    facts.put("seconds", String.valueOf(seconds));
    facts.put("names", String.valueOf(names));
    facts.put("agents", String.valueOf(agents));
    facts.put("minutes", String.valueOf(minutes));
    return facts;
  }
}
