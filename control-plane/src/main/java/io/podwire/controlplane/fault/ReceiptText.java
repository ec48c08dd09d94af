package io.podwire.controlplane.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.fault.FaultLink.Direction;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.controlplane.kind.ManifestJson;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One receipt of {@code status.receipts}; times are nanoseconds. Stateless. */
public final class ReceiptText {

  private ReceiptText() {}

  /** The object that {@link #read} reads. */
  public static ObjectNode write(LinkReceipt receipt) {
    ObjectNode text = ManifestJson.object();
    text.put("link", receipt.link());
    text.put("direction", receipt.direction().name().toLowerCase(Locale.ROOT));
    text.put("ended", receipt.ended());
    if (!receipt.error().isEmpty()) {
      text.put("error", receipt.error());
    }
    text.put("matched", receipt.matched()).put("matchedBytes", receipt.matchedBytes());
    text.put("passed", receipt.passed()).put("passedBytes", receipt.passedBytes());
    ObjectNode affected = text.putObject("affected");
    new TreeMap<>(receipt.affected()).forEach((cause, count) -> affected.put(cause, count));
    text.put("requestedDelayNanos", receipt.requestedDelay());
    text.put("achievedDelayNanos", receipt.achievedDelay());
    text.put("achievedDelay50Nanos", receipt.achievedDelay50());
    text.put("achievedDelay99Nanos", receipt.achievedDelay99());
    text.put("lateness99Nanos", receipt.lateness99());
    text.put("transferNanos", receipt.transferNanos());
    text.put("decisions", receipt.decisions());
    text.put("decisionHash", HexFormat.of().toHexDigits(receipt.decisionHash()));
    return text;
  }

  /** The receipt that was written; what is absent is 0. */
  public static LinkReceipt read(JsonNode text) {
    Map<String, Long> affected = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : text.path("affected").properties()) {
      affected.put(entry.getKey(), entry.getValue().asLong());
    }
    return new LinkReceipt(
        text.path("link").asText(),
        "ingress".equals(text.path("direction").asText()) ? Direction.INGRESS : Direction.EGRESS,
        text.path("ended").asBoolean(),
        text.path("error").asText(),
        text.path("matched").asLong(),
        text.path("matchedBytes").asLong(),
        text.path("passed").asLong(),
        text.path("passedBytes").asLong(),
        affected,
        text.path("requestedDelayNanos").asLong(),
        text.path("achievedDelayNanos").asLong(),
        text.path("achievedDelay50Nanos").asLong(),
        text.path("achievedDelay99Nanos").asLong(),
        text.path("lateness99Nanos").asLong(),
        text.path("transferNanos").asLong(),
        text.path("decisions").asLong(),
        hash(text.path("decisionHash").asText("0")));
  }

  private static long hash(String digits) {
    return HexFormat.isHexDigit(digits.isEmpty() ? 'x' : digits.charAt(0))
        ? HexFormat.fromHexDigitsToLong(digits)
        : 0;
  }
}
