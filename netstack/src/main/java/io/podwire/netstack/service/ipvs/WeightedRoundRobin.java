package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.FirstPacket;
import io.podwire.netstack.service.ServiceEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code wrr}: round after round of those whose weight reaches a threshold, which sinks from the
 * largest weight by the weights' greatest common divisor.
 */
final class WeightedRoundRobin implements Scheduler {

  private List<ServiceEndpoint> servers = List.of();
  private int last = -1;
  private int step = 1;
  private int largest;
  private int threshold;

  @Override
  public void update(List<ServiceEndpoint> next) {
    servers = next;
    last = -1;
    step = Weights.divisor(next);
    // The last round is for those of weight 1 in any case.
    largest = Weights.largest(next) - (step - 1);
    if (threshold > largest || threshold <= 0) {
      threshold = largest;
    } else if (step > 1) {
      threshold = threshold / step * step + 1;
    }
  }

  @Override
  public @Nullable ServiceEndpoint schedule(FirstPacket packet) {
    if (largest <= 0 || Weights.largest(servers) == 0) {
      return null;
    }
    while (true) {
      for (int i = last + 1; i < servers.size(); i++) {
        if (servers.get(i).weight() >= threshold) {
          last = i;
          return servers.get(i);
        }
      }
      last = -1;
      threshold -= step;
      if (threshold <= 0) {
        threshold = largest;
      }
    }
  }
}
