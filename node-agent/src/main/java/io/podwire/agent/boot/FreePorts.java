package io.podwire.agent.boot;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the ports that the agent is going to listen on are free, asked before the control plane
 * hears of the node: a node that cannot run would be announced as Ready for a moment.
 */
final class FreePorts {

  private FreePorts() {}

  /** One line per port that something else holds: option, value and fix. */
  static List<String> problems(InetAddress address, int vxlanPort, int grpcPort) {
    List<String> problems = new ArrayList<>();
    // Bound when it is made, without the reuse that would let two agents share it.
    try (DatagramSocket _ = new DatagramSocket(new InetSocketAddress(address, vxlanPort))) {
      // Free.
    } catch (IOException taken) {
      problems.add(problem("--vxlan-port", vxlanPort, "UDP", address, taken));
    }
    try (ServerSocket _ = new ServerSocket(grpcPort, 1, address)) {
      // Free.
    } catch (IOException taken) {
      problems.add(problem("--grpc-port", grpcPort, "TCP", address, taken));
    }
    return problems;
  }

  private static String problem(
      String option, int port, String protocol, InetAddress address, IOException taken) {
    return "%s: cannot listen on %s port %d of %s (%s); stop what does, or choose another port"
        .formatted(option, protocol, port, address.getHostAddress(), taken.getMessage());
  }
}
