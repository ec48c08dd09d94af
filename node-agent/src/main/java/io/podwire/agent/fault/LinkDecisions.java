package io.podwire.agent.fault;

import io.podwire.cluster.fault.FaultLink;
import io.podwire.netstack.impair.Decision;
import java.util.List;

/**
 * What a fault has decided of the packets of one direction of a link. Immutable.
 *
 * @param link {@link FaultLink#name}
 * @param count of all decisions
 * @param hash over all of them
 * @param last some of the last ones, the oldest first
 */
public record LinkDecisions(
    String link, FaultLink.Direction direction, long count, long hash, List<Decision> last) {

  public LinkDecisions {
    last = List.copyOf(last);
  }
}
