package io.podwire.netstack.service;

import java.util.List;

/**
 * One port of a Service as the datapath sees it.
 *
 * @param name {@code namespace/name:port}, for people
 * @param backends those that take new connections now
 */
public record VirtualService(String name, List<Backend> backends) {

  public VirtualService {
    backends = List.copyOf(backends);
  }
}
