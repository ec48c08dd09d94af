package io.podwire.dns.plugin;

import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.corefile.ZoneKey;
import io.podwire.packet.dns.DnsName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Zones that a plugin is for; {@code @cluster} among them stands for the one that the cluster says.
 *
 * <p>Immutable and thread-safe.
 */
public record Zones(List<DnsName> fixed, boolean cluster) {

  /** The word for the cluster's zone. */
  public static final String CLUSTER = "@cluster";

  public static final Zones ALL = new Zones(List.of(DnsName.ROOT), false);
  public static final Zones NONE = new Zones(List.of(), false);

  public Zones {
    fixed = List.copyOf(fixed);
  }

  /** Reads names and networks. */
  public static Zones read(List<Token> words, Problems problems) {
    List<DnsName> zones = new ArrayList<>();
    boolean cluster = false;
    for (Token word : words) {
      if (word.text().equals(CLUSTER)) {
        cluster = true;
        continue;
      }
      List<DnsName> meant = ZoneKey.zones(word.text());
      if (meant.isEmpty()) {
        problems.add(word, "'" + word.text() + "' is no zone");
      }
      zones.addAll(meant);
    }
    return new Zones(zones, cluster);
  }

  /** As {@link #read}, with the block's own zones where none is given. */
  public static Zones readOrOf(ServerBlock block, List<Token> words, Problems problems) {
    return words.isEmpty()
        ? new Zones(block.keys().stream().map(ZoneKey::zone).distinct().toList(), false)
        : read(words, problems);
  }

  /** As {@link #read}, with all names where none is given. */
  public static Zones readOrAll(List<Token> words, Problems problems) {
    return words.isEmpty() ? ALL : read(words, problems);
  }

  public boolean isEmpty() {
    return fixed.isEmpty() && !cluster;
  }

  /** The longest zone that a name is in, as it is written here; null where it is in none. */
  public @Nullable DnsName match(DnsName name, Supplier<DnsName> clusterZone) {
    DnsName best = null;
    for (DnsName each : fixed) {
      if (name.isAtOrBelow(each) && (best == null || each.length() > best.length())) {
        best = each;
      }
    }
    if (cluster) {
      DnsName own = clusterZone.get();
      if (name.isAtOrBelow(own) && (best == null || own.length() > best.length())) {
        best = own;
      }
    }
    return best;
  }
}
