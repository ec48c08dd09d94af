package io.podwire.testkit.e2e.services;

import io.podwire.netstack.service.ProxyMode;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A line of the table: what becomes of connections from a source to an address and port.
 *
 * @param protocol see {@link IpProtocol}
 * @param endpoints empty for an outcome that is no endpoint
 * @param outcome reject, drop, nowhere, or reached
 * @param proxy by whose proxy the source goes: {@link FlowHost#NODE_1} or {@link FlowHost#NODE_2}
 * @param modes only in these; none: in all
 */
record Flow(
    int line,
    String text,
    String source,
    int protocol,
    IpAddress address,
    int port,
    String outcome,
    Set<String> endpoints,
    String seen,
    String proxy,
    boolean sticky,
    Set<String> modes) {

  /** So many for each endpoint miss one of two, or of three, once in several million times. */
  private static final int CONNECTIONS_EACH = 13;

  /** Where there is nothing to miss but a mistake that half of the connections show. */
  private static final int FEW_CONNECTIONS = 8;

  private static final Set<String> NOWHERE = Set.of("drop", "unreachable");

  boolean isFor(ProxyMode mode) {
    return modes.isEmpty() || modes.contains(mode.name().toLowerCase(Locale.ROOT));
  }

  boolean isIpv4() {
    return address.isIpv4();
  }

  private int connections() {
    return sticky || endpoints.size() < 2 ? FEW_CONNECTIONS : endpoints.size() * CONNECTIONS_EACH;
  }

  /** For flow_client.py, a line. */
  String question() {
    return "%d %s %s %d %d\n"
        .formatted(line, protocol == IpProtocol.UDP ? "udp" : "tcp", address, port, connections());
  }

  /** What flow_client.py has printed, by line. */
  static Map<Integer, Set<String>> answers(String out) {
    Map<Integer, Set<String>> answers = new HashMap<>();
    for (String answer : out.lines().toList()) {
      String[] parts = answer.split(";");
      answers.put(
          Integer.parseInt(parts[0]), Set.copyOf(Arrays.asList(parts).subList(1, parts.length)));
    }
    return answers;
  }

  /** What was seen, told as this line tells it; empty where it is right. */
  String difference(ProxyMode mode, Set<String> outcomes, Set<String> sources) {
    Set<String> expected =
        endpoints.isEmpty() ? outcome.equals("nowhere") ? NOWHERE : Set.of(outcome) : endpoints;
    boolean right =
        sticky || outcome.equals("nowhere")
            ? outcomes.size() == 1 && expected.containsAll(outcomes)
            : outcomes.equals(expected);
    if (!endpoints.isEmpty()) {
      boolean node = mode == ProxyMode.USERSPACE;
      String own = proxy.equals(FlowHost.NODE_1) ? "node" : proxy;
      right &= sources.equals(Set.of(node ? own : seen));
    }
    return right ? "" : "line " + line + ": " + text + "\n   but " + outcomes + " saw " + sources;
  }

  /**
   * As {@link #difference(ProxyMode, Set, Set)}, of words as a program prints them: "endpoint
   * address", reject or drop.
   */
  String difference(ProxyMode mode, Set<String> printed, Map<String, FlowHost> pods) {
    Set<String> outcomes = new TreeSet<>();
    Set<String> sources = new TreeSet<>();
    for (String outcome : printed) {
      String[] words = outcome.split(" ");
      outcomes.add(words[0]);
      if (words.length > 1) {
        sources.add(who(words[1], pods));
      }
    }
    return difference(mode, outcomes, sources);
  }

  /** A node shows itself by its gateway's address or, to those on its own network, by its own. */
  String who(String text, Map<String, FlowHost> pods) {
    IpAddress address = IpAddress.tryParse(text).orElse(null);
    if (address == null) {
      return text;
    }
    boolean ipv4 = address.isIpv4();
    for (FlowHost pod : pods.values()) {
      if (pod.gateway(ipv4).equals(address)) {
        return pod.node().equals(FlowHost.NODE_1) ? "node" : pod.node();
      }
    }
    for (FlowHost node : FlowHost.NODES.values()) {
      if (node.address(ipv4).equals(address)) {
        return node.name();
      }
    }
    return address.equals(ServiceFlows.host(source, pods).address(ipv4)) ? "client" : text;
  }
}
