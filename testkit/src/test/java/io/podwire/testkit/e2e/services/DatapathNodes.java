package io.podwire.testkit.e2e.services;

import io.podwire.netstack.link.Frame;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.packet.VxlanView;
import io.podwire.packet.addr.IpAddress;
import java.util.Set;
import java.util.TreeSet;

/** The two nodes of the table, asked by single packets. */
final class DatapathNodes {

  private static final int CONNECTIONS = 40;
  private static final int FIRST_PORT = 2000;

  private final DatapathNode first;
  private final DatapathNode second;
  private final Set<String> outcomes = new TreeSet<>();
  private final Set<String> sources = new TreeSet<>();
  private String reached = "";
  private int nextPort = FIRST_PORT;

  /** ICMP errors are limited in rate: connections take their time. */
  private long nowMillis;

  private Flow asked;

  DatapathNodes(ProxyMode mode, ServiceFlows table) {
    FlowState state = FlowState.of(table, FlowHost.PODS);
    asked = table.flows().getFirst();
    first =
        new DatapathNode(
            1,
            mode,
            state,
            frame -> see(frame, 0),
            this::leaveFirst,
            (address, port, hash, payload) -> see(payload, VxlanView.HEADER_LENGTH));
    second =
        new DatapathNode(
            2,
            mode,
            state,
            frame -> see(frame, 0),
            this::leaveSecond,
            (address, port, hash, payload) -> see(payload, VxlanView.HEADER_LENGTH));
  }

  /** Of node-1 or node-2. */
  DatapathNode node(String name) {
    return name.equals(FlowHost.NODE_1) ? first : second;
  }

  /** Opens connections, and tells where they came to; each has a port of its own. */
  String ask(ProxyMode mode, Flow flow) {
    outcomes.clear();
    sources.clear();
    asked = flow;
    boolean far = ServiceFlows.host(flow.source(), FlowHost.PODS).node().equals(FlowHost.NODE_2);
    for (int i = 0; i < CONNECTIONS; i++) {
      reached = "drop";
      nowMillis += 2;
      (far ? second : first).send(flow, nextPort++, nowMillis);
      outcomes.add(reached);
    }
    return flow.difference(mode, outcomes, sources);
  }

  /** What leaves the first node by its kernel: nobody serves there, and nobody is elsewhere. */
  private boolean leaveFirst(Frame frame) {
    FlowFrame.Seen seen = FlowFrame.read(frame, 0);
    reached = !seen.refusal().isEmpty() ? seen.refusal() : isFirst(seen) ? "reject" : "drop";
    return true;
  }

  /** What leaves the second node for the first one's address gets there with its own. */
  private boolean leaveSecond(Frame frame) {
    FlowFrame.Seen seen = FlowFrame.read(frame, 0);
    if (seen.refusal().isEmpty() && isFirst(seen)) {
      first.enter(frame, nowMillis);
    } else {
      reached = seen.refusal().isEmpty() ? "drop" : seen.refusal();
    }
    return true;
  }

  private static boolean isFirst(FlowFrame.Seen seen) {
    FlowHost node = ServiceFlows.host("node", FlowHost.PODS);
    return seen.destination().equals(node.address(seen.destination().isIpv4()));
  }

  /** What leaves a datapath: to an endpoint, or as a refusal to the client. */
  private boolean see(Frame frame, int skipped) {
    FlowFrame.Seen seen = FlowFrame.read(frame, skipped);
    if (!seen.refusal().isEmpty()) {
      reached = seen.refusal();
      return true;
    }
    IpAddress to = seen.destination();
    String suffix = seen.port() == FlowPods.PORT ? "" : ":" + seen.port();
    reached =
        FlowHost.PODS.values().stream()
            .filter(pod -> pod.address(to.isIpv4()).equals(to))
            .map(pod -> pod.name() + suffix)
            .findFirst()
            .orElse("lost on the way to " + to);
    sources.add(asked.who(seen.source().toString(), FlowHost.PODS));
    return true;
  }
}
