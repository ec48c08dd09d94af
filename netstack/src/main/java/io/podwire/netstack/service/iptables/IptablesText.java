package io.podwire.netstack.service.iptables;

import java.util.List;

/** The rules as {@code iptables-save} prints them and {@code iptables-restore} takes them. */
final class IptablesText {

  private static final String NEW = " -m conntrack --ctstate NEW";

  private IptablesText() {}

  /** Prints both tables, with the rules of the kernel's own chains that lead to kube-proxy's. */
  static void print(Tables tables, List<Chain> services, boolean ipv4, StringBuilder out) {
    out.append("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n");
    for (Chain chain : tables.filters) {
      declare(chain.name(), out);
    }
    for (String hook : List.of("INPUT", "FORWARD", "OUTPUT")) {
      jump(hook, NEW, "kubernetes load balancer firewall", tables.firewall, out);
      if (!hook.equals("INPUT")) {
        jump(hook, NEW, "kubernetes service portals", tables.refusals, out);
      }
      if (!hook.equals("OUTPUT")) {
        jump(hook, NEW, "kubernetes externally-visible service portals", tables.external, out);
      }
    }
    for (Chain chain : tables.filters) {
      print(chain, ipv4, out);
    }
    out.append("COMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n");
    out.append(":OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n");
    List<Chain> own = List.of(tables.services, tables.nodePorts, tables.markMasquerade);
    own.forEach(chain -> declare(chain.name(), out));
    declare("KUBE-POSTROUTING", out);
    services.forEach(chain -> declare(chain.name(), out));
    jump("PREROUTING", "", "kubernetes service portals", tables.services, out);
    jump("OUTPUT", "", "kubernetes service portals", tables.services, out);
    out.append("-A POSTROUTING -m comment --comment \"kubernetes postrouting rules\"");
    out.append(" -j KUBE-POSTROUTING\n");
    own.forEach(chain -> print(chain, ipv4, out));
    // What gateway.Masquerade does with the mark.
    out.append("-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN\n");
    out.append("-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0\n");
    out.append("-A KUBE-POSTROUTING -m comment --comment");
    out.append(" \"kubernetes service traffic requiring SNAT\" -j MASQUERADE --random-fully\n");
    services.forEach(chain -> print(chain, ipv4, out));
    out.append("COMMIT\n");
  }

  private static void declare(String name, StringBuilder out) {
    out.append(':').append(name).append(" - [0:0]\n");
  }

  private static void jump(String from, String state, String comment, Chain to, StringBuilder out) {
    out.append("-A ").append(from).append(state).append(" -m comment --comment \"");
    out.append(comment).append("\" -j ").append(to.name()).append('\n');
  }

  private static void print(Chain chain, boolean ipv4, StringBuilder out) {
    int before = out.length();
    chain.print(out);
    if (!ipv4) {
      int at = before;
      while ((at = out.indexOf("icmp-port-unreachable", at)) >= 0) {
        out.insert(at + 4, '6');
        at += "icmp6-port-unreachable".length();
      }
    }
  }
}
