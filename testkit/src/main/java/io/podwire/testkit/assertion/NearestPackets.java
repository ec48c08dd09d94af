package io.podwire.testkit.assertion;

import java.util.Comparator;
import java.util.List;

/** What a failure shows of a capture: the packets that are closest to what was looked for. */
public final class NearestPackets {
  private static final int SHOWN = 8;

  private NearestPackets() {}

  /** A line for each of the nearest packets, in the order of time, with what each lacks. */
  public static String text(PacketPattern pattern, List<CapturedPacket> packets) {
    if (packets.isEmpty()) {
      return "  nothing was captured";
    }
    List<CapturedPacket> nearest =
        packets.stream()
            .sorted(Comparator.comparingInt(pattern::score).reversed())
            .limit(SHOWN)
            .sorted(Comparator.comparing(CapturedPacket::time))
            .toList();
    StringBuilder text =
        new StringBuilder("  nearest of ").append(packets.size()).append(" captured:");
    for (CapturedPacket packet : nearest) {
      String unmet = pattern.unmet(packet);
      text.append("\n    ").append(packet);
      text.append(unmet.isEmpty() ? "" : "   not: " + unmet);
    }
    return text.toString();
  }
}
