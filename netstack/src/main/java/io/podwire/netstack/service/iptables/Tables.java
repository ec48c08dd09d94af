package io.podwire.netstack.service.iptables;

import java.util.List;

/**
 * The chains that are there whatever Services there are, of the tables nat and filter.
 *
 * <p>Not thread-safe; confined to the node's event loop.
 */
final class Tables {

  final Chain services = new Chain("KUBE-SERVICES");
  final Chain nodePorts = new Chain("KUBE-NODEPORTS");
  final Chain markMasquerade = new Chain("KUBE-MARK-MASQ");

  /** Of the table filter, where another chain has that name too. */
  final Chain refusals = new Chain("KUBE-SERVICES");

  final Chain external = new Chain("KUBE-EXTERNAL-SERVICES");
  final Chain firewall = new Chain("KUBE-PROXY-FIREWALL");

  /** Those of the table filter in the order in which a packet meets them. */
  final List<Chain> filters = List.of(firewall, refusals, external);

  private final Rule last =
      new Rule(
          new Target.Jump(nodePorts),
          new Match.Comment(
              "kubernetes service nodeports; NOTE: this must be the last rule in this chain"),
          new Match.Local(false));

  Tables() {
    markMasquerade.add(Target.Plain.MARK_MASQUERADE);
    services.add(last);
  }

  /** Adds a rule of KUBE-SERVICES, before that for node ports. */
  void addService(Rule rule) {
    services.remove(last);
    services.add(rule);
    services.add(last);
  }

  int size() {
    return services.size()
        + nodePorts.size()
        + markMasquerade.size()
        + refusals.size()
        + external.size()
        + firewall.size();
  }
}
