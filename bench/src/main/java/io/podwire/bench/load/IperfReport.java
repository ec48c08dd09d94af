package io.podwire.bench.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.podwire.bench.program.BenchFailure;

/**
 * What a run of iperf3 moved, as its client says with {@code --json}.
 *
 * @param bytes received, in both directions where it ran in both
 * @param seconds how long it ran
 * @param bitsPerSecond received, both directions added
 * @param packets delivered, for UDP; 0 for TCP
 * @param lost packets that were sent and not delivered, for UDP
 */
public record IperfReport(
    double bytes, double seconds, double bitsPerSecond, double packets, double lost) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Reads the client's output. */
  public static IperfReport parse(String text) {
    JsonNode report;
    try {
      report = JSON.readTree(text);
    } catch (JsonProcessingException torn) {
      throw new BenchFailure("iperf3 wrote no JSON: " + torn.getOriginalMessage(), torn);
    }
    if (report.hasNonNull("error")) {
      throw new BenchFailure("iperf3: " + report.get("error").asText());
    }
    JsonNode end = report.path("end");
    JsonNode received = end.path("sum_received");
    if (received.isMissingNode()) {
      throw new BenchFailure("iperf3 wrote no result");
    }
    // Only the client's side of a run in both directions has this one.
    JsonNode reverse = end.path("sum_received_bidir_reverse");
    // The number of packets is the sender's; how many of them are lost the receiver says.
    JsonNode both = end.path("sum");
    double lost = both.path("lost_packets").asDouble();
    return new IperfReport(
        received.path("bytes").asDouble() + reverse.path("bytes").asDouble(),
        received.path("seconds").asDouble(),
        received.path("bits_per_second").asDouble() + reverse.path("bits_per_second").asDouble(),
        both.has("packets") ? both.path("packets").asDouble() - lost : 0,
        lost);
  }

  /** UDP packets that arrived each second. */
  public double packetsPerSecond() {
    return packets / seconds;
  }
}
