package io.podwire.cluster.model;

import io.podwire.cluster.fault.LinkReceipt;
import java.util.List;

/**
 * What an agent or DNS server tells of a fault.
 *
 * @param key of the {@link NetworkFault}
 * @param uid of the fault's object
 * @param reporter the node, or the DNS server
 */
public record FaultReport(ObjectName key, String uid, String reporter, List<LinkReceipt> receipts) {

  public FaultReport {
    receipts = List.copyOf(receipts);
  }
}
