package io.podwire.bench.network;

import io.podwire.bench.program.Workbench;
import java.util.Optional;

/** Something that connects Pods and can be compared with others. */
public interface NetworkPeer {

  /** One word, as in tables. */
  String name();

  /** What it is and how it is set up, for people. */
  String description();

  /** What has to be installed first; empty where everything is there. */
  Optional<String> missing();

  /** Starts it; what it makes is removed with the workbench, or by closing it. */
  PodNetwork start(Workbench bench);
}
