package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;

/** What several schedulers reckon with weights. */
final class Weights {

  private Weights() {}

  /** The greatest common divisor of those above 0; 1 where there are none. */
  static int divisor(List<ServiceEndpoint> servers) {
    int divisor = 0;
    for (ServiceEndpoint server : servers) {
      if (server.weight() > 0) {
        divisor = divisor == 0 ? server.weight() : divisor(server.weight(), divisor);
      }
    }
    return divisor == 0 ? 1 : divisor;
  }

  private static int divisor(int a, int b) {
    return b == 0 ? a : divisor(b, a % b);
  }

  static int largest(List<ServiceEndpoint> servers) {
    int largest = 0;
    for (int i = 0; i < servers.size(); i++) {
      largest = Math.max(largest, servers.get(i).weight());
    }
    return largest;
  }
}
