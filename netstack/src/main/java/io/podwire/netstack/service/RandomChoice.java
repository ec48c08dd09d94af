package io.podwire.netstack.service;

import io.podwire.netstack.filter.FlowKey;
import java.util.List;
import java.util.random.RandomGenerator;

/** Every backend with the same probability, as kube-proxy's iptables mode. */
public final class RandomChoice implements BackendChoice {

  private final RandomGenerator random;

  public RandomChoice(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public Backend choose(List<Backend> backends, FlowKey connection) {
    return backends.get(random.nextInt(backends.size()));
  }
}
