package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.FaultLink;
import io.podwire.packet.addr.Cidr;
import java.util.List;

/**
 * What a fault's {@code status} says of where it acts.
 *
 * @param phase {@link #PENDING} where none is written
 * @param startMillis since the epoch; 0 where it has not started
 * @param deadlineMillis since the epoch; {@link Long#MAX_VALUE} where it has none
 */
public record FaultStatus(
    String phase,
    long startMillis,
    long deadlineMillis,
    List<FaultLink> links,
    List<String> targets,
    List<Cidr> dnsClients) {

  public static final String PENDING = "Pending";
  public static final String RUNNING = "Running";
  public static final String ENDED = "Ended";
  public static final String FAILED = "Failed";

  public FaultStatus {
    links = List.copyOf(links);
    targets = List.copyOf(targets);
    dnsClients = List.copyOf(dnsClients);
  }

  /** Reads a status; one that nobody here wrote says that the fault has failed. */
  static FaultStatus read(Field status) {
    try {
      return parse(status);
    } catch (IllegalArgumentException e) {
      // An address left out would widen what the fault acts on: better that it acts on nothing.
      return new FaultStatus(FAILED, 0, Long.MAX_VALUE, List.of(), List.of(), List.of());
    }
  }

  private static FaultStatus parse(Field status) {
    return new FaultStatus(
        status.at("phase").textOr(PENDING),
        FaultIdentity.millis(status.at("startTime")).orElse(0),
        FaultIdentity.millis(status.at("deadline")).orElse(Long.MAX_VALUE),
        status.at("links").items().stream().map(FaultLinkText::read).toList(),
        status.at("targets").items().stream().map(target -> target.textOr("")).toList(),
        FaultLinkText.cidrs(status.at("dnsClients")));
  }

  /** Whether agents and DNS servers are to act on it. */
  boolean isActive(boolean actsOnLinks) {
    return phase.equals(RUNNING) && !(actsOnLinks && links.isEmpty());
  }
}
