package io.podwire.netstack.service.mode;

import io.podwire.netstack.filter.Conntrack;
import io.podwire.netstack.service.ProxyNode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.ServiceProxy;
import io.podwire.netstack.service.ServiceTable;
import io.podwire.netstack.service.VirtualService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * A node's Services as they were at one moment, to be printed as the rules of any mode by the
 * classes that decide in that mode.
 *
 * <p>Taking it costs the event loop a list of references; printing is for another thread.
 * Immutable.
 */
public final class RuleExport {

  private record Entry(ServiceTable.Key key, VirtualService service) {}

  private static final Comparator<Entry> ORDER =
      Comparator.comparing((Entry entry) -> entry.service().name())
          .thenComparing(entry -> entry.service().frontend())
          .thenComparing(entry -> entry.key().address())
          .thenComparing(entry -> entry.key().protocol())
          .thenComparing(entry -> entry.key().port());

  private final ProxyNode node;
  private final ProxySettings settings;
  private final List<Entry> entries;
  private final long evaluations;

  private RuleExport(
      ProxyNode node, ProxySettings settings, List<Entry> entries, long evaluations) {
    this.node = node;
    this.settings = settings;
    this.entries = entries;
    this.evaluations = evaluations;
  }

  /** What the table has now. */
  public static RuleExport of(
      ProxyNode node, ProxySettings settings, ServiceTable table, long evaluations) {
    List<Entry> entries = new ArrayList<>(table.size());
    table.forEach(port -> entries.add(new Entry(port.key(), port.service())));
    return new RuleExport(node, settings, entries, evaluations);
  }

  /** How the node balances. */
  public ProxySettings settings() {
    return settings;
  }

  /** What first packets have cost the node so far, in the mode that it has. */
  public long evaluations() {
    return evaluations;
  }

  /** The rules of the node's mode or another one, for packets of one family. */
  public String text(ProxySettings mode, boolean ipv4) {
    Conntrack unused = new Conntrack(1, 0, 0);
    ServiceProxy proxy = new ProxyModes(node, new Random(0), unused).proxy(mode);
    ServiceTable table = new ServiceTable();
    table.follow(proxy);
    entries.stream().sorted(ORDER).forEach(entry -> table.put(entry.key(), entry.service()));
    StringBuilder out = new StringBuilder();
    out.append("# mode ").append(mode.text());
    out.append(", ").append(entries.size()).append(" Service addresses\n");
    if (mode.equals(settings)) {
      out.append("# evaluated so far: ").append(evaluations).append('\n');
    }
    proxy.print(ipv4, out);
    return out.toString();
  }
}
