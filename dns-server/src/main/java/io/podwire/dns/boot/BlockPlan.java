package io.podwire.dns.boot;

import io.podwire.dns.corefile.Corefile;
import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.ZoneKey;
import io.podwire.dns.plugin.Plugin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A server block whose plugins have all read their lines.
 *
 * @param drafts by plugin, in the order of the chain
 */
record BlockPlan(ServerBlock block, Map<String, Plugin.Draft> drafts) {

  /** All blocks; of use only where the problems stay as they were. */
  static List<BlockPlan> of(Corefile corefile, List<Plugin> order, Problems problems) {
    List<BlockPlan> plans = new ArrayList<>();
    String known = order.stream().map(Plugin::name).sorted().collect(Collectors.joining(", "));
    for (ServerBlock block : corefile.blocks()) {
      for (Directive directive : block.directives()) {
        if (order.stream().noneMatch(each -> each.name().equals(directive.name()))) {
          problems.add(
              directive.head().first(),
              "unknown plugin '" + directive.name() + "'; known: " + known);
        }
      }
      Map<String, Plugin.Draft> drafts = new LinkedHashMap<>();
      for (Plugin plugin : order) {
        List<Directive> uses =
            block.directives().stream().filter(each -> each.name().equals(plugin.name())).toList();
        Plugin.Draft draft = uses.isEmpty() ? null : plugin.read(uses, block, problems);
        if (draft != null) {
          drafts.put(plugin.name(), draft);
        }
      }
      boolean encrypted = block.keys().stream().anyMatch(key -> key.scheme() == ZoneKey.Scheme.TLS);
      if (encrypted && block.directives().stream().noneMatch(each -> each.name().equals("tls"))) {
        problems.add(block.at(), "tls:// needs a certificate; add tls CERT KEY to the block");
      }
      plans.add(new BlockPlan(block, drafts));
    }
    return plans;
  }
}
