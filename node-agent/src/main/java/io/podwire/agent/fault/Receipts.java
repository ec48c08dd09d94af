package io.podwire.agent.fault;

import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.netstack.impair.FaultSnapshot;
import io.podwire.netstack.impair.RunningFault;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.netstack.impair.stream.RunningStreamFault;
import io.podwire.netstack.impair.stream.StreamSnapshot;
import java.util.HashMap;
import java.util.Map;

/** Turns the data path's counts into receipts. Stateless. */
final class Receipts {

  private Receipts() {}

  static LinkReceipt of(FaultLink link, RunningFault running, boolean ended) {
    FaultSnapshot seen = running.snapshot();
    return new LinkReceipt(
        link.name(),
        link.direction(),
        ended,
        "",
        seen.matched(),
        seen.matchedBytes(),
        seen.passed(),
        seen.passedBytes(),
        affected(seen, Math.max(running.held(), running.kept())),
        Math.round(seen.requested().mean()),
        Math.round(seen.achieved().mean()),
        seen.achieved().p50(),
        seen.achieved().p99(),
        seen.lateness().p99(),
        seen.spanNanos(),
        running.decisions().count(),
        running.decisions().hash());
  }

  static LinkReceipt of(FaultLink link, RunningStreamFault running, boolean ended) {
    StreamSnapshot seen = running.snapshot();
    return new LinkReceipt(
        link.name(),
        link.direction(),
        ended,
        "",
        seen.connections(),
        seen.matchedBytes(),
        0,
        0,
        seen.affected(),
        Math.round(seen.requested().mean()),
        Math.round(seen.achieved().mean()),
        seen.achieved().p50(),
        seen.achieved().p99(),
        seen.lateness().p99(),
        0,
        seen.decisions(),
        seen.decisionHash());
  }

  private static Map<String, Long> affected(FaultSnapshot seen, long held) {
    Map<String, Long> affected = new HashMap<>();
    for (Map.Entry<LossCause, Long> loss : seen.lost().entrySet()) {
      affected.merge(key(loss.getKey()), loss.getValue(), Long::sum);
    }
    put(affected, "marked", seen.marked());
    put(affected, "corrupted", seen.corrupted());
    put(affected, "duplicated", seen.duplicated());
    put(affected, "reordered", seen.reordered());
    put(affected, "delayed", seen.delayed());
    put(affected, "held", held);
    put(affected, "busyBytes", seen.busyBytes());
    put(affected, "busyNanos", seen.busyNanos());
    return affected;
  }

  private static void put(Map<String, Long> affected, String cause, long count) {
    if (count > 0) {
      affected.put(cause, count);
    }
  }

  private static String key(LossCause cause) {
    return switch (cause) {
      case RANDOM, FOUR_STATE, GILBERT_ELLIOTT, NTH -> "lost";
      case PARTITION, FLAP -> "blocked";
      case MTU -> "tooLarge";
      case QUEUE_LIMIT, HOLD_OVERFLOW, TOKEN_BUCKET -> "limited";
    };
  }
}
