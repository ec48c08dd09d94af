package io.podwire.bench.nameserver;

import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;
import java.util.Optional;

/** A DNS server that can be compared with others. */
public interface NameServer {

  /** One word, as in tables. */
  String name();

  /** What it is and how it is set up, for people. */
  String description();

  /** What has to be installed first; empty where everything is there. */
  Optional<String> missing();

  /**
   * Starts it on 127.0.0.1 in the namespace and returns once it has its port; what it is made of is
   * removed with the workbench.
   */
  void start(Workbench bench, NetworkNamespace namespace, ServiceNames names, int port);
}
