package io.podwire.netstack.impair.stream;

import io.podwire.netstack.impair.PacketFilter;
import java.util.List;

/**
 * One fault of the connections on a link. Immutable and thread-safe; what it remembers is in the
 * {@link RunningStreamFault}.
 *
 * @param id the fault's namespace and name
 * @param filter which connections, seen from the link's own end
 * @param seed of its decisions
 * @param toxics which act on one segment in an order of their own: limit_data, timeout, slicer,
 *     latency, bandwidth, slow_close
 */
public record StreamFault(String id, PacketFilter filter, long seed, List<Toxic> toxics) {
  public StreamFault {
    toxics = List.copyOf(toxics);
  }
}
