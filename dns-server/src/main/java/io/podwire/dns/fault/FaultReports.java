package io.podwire.dns.fault;

import io.podwire.cluster.model.FaultReport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where the control plane hears what faults have done. */
@FunctionalInterface
public interface FaultReports {

  /** Nobody wants to know. */
  FaultReports NOWHERE = report -> CompletableFuture.completedFuture(null);

  /** Does not block; completes once a control plane has taken it, fails where none did. */
  CompletionStage<Void> send(FaultReport report);
}
