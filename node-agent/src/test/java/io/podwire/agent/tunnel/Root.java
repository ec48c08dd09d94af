package io.podwire.agent.tunnel;

import io.podwire.agent.linux.LinuxException;
import io.podwire.agent.linux.NetworkNamespace;
import org.junit.jupiter.api.Assumptions;

/** Tests that make namespaces need root. */
final class Root {

  private Root() {}

  static void assume() {
    try {
      NetworkNamespace.create().close();
    } catch (LinuxException e) {
      Assumptions.abort("needs root or a user namespace: " + e.getMessage());
    }
  }
}
