package io.podwire.cluster.fault;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a fault does, whatever manifest it was written in.
 *
 * @param seed of every decision; two faults of one seed on one link decide alike
 * @param packets at most one of each class
 */
public record FaultSpec(
    long seed,
    List<PacketEffect> packets,
    List<Toxic> toxics,
    @Nullable DnsEffect dns,
    @Nullable NodeEffect node,
    @Nullable PodEffect pod) {

  public FaultSpec {
    packets = List.copyOf(packets);
    toxics = List.copyOf(toxics);
  }
}
