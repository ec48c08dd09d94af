package io.podwire.agent.api;

import io.podwire.agent.fault.LinkDecisions;
import io.podwire.cluster.model.ObjectName;
import java.util.List;

/**
 * Tells what faults have decided on this node. Thread-safe; blocks for a turn of the event loop.
 */
public interface DecisionSource {

  /** So many of the last decisions of a fault on each link. */
  List<LinkDecisions> last(ObjectName fault, int most);
}
