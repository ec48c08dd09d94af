package io.podwire.netstack.service;

import io.podwire.netstack.filter.FlowKey;
import java.util.List;

/** A balancing algorithm: called once for each connection. */
@FunctionalInterface
public interface BackendChoice {

  /**
   * Chooses a backend.
   *
   * @param backends at least one
   */
  Backend choose(List<Backend> backends, FlowKey connection);
}
