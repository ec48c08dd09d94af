package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.store.StoredObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the manifests of all kinds of faults. Lenient, as {@link ModelReader}: what is wrong reads
 * as absent, since the API refuses it before it is stored. Thread-safe.
 */
public final class FaultReader {

  /** The holder's last heartbeat, RFC 3339 with milliseconds. */
  public static final String HEARTBEAT_ANNOTATION = "podwire.io/heartbeat";

  /** How long a fault goes on after the last word of whoever holds it, where it says nothing. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(10);

  private FaultReader() {}

  /** The kinds whose objects are faults. */
  public static List<Kind> kinds() {
    return KindTable.kinds().stream().filter(FaultReader::isFault).toList();
  }

  public static boolean isFault(Kind kind) {
    return kind.rules() instanceof FaultRules;
  }

  /** What a stored manifest asks for. */
  public static FaultRequest request(StoredObject stored) {
    return request(kind(stored), ManifestJson.read(stored));
  }

  /** What a manifest asks for. */
  public static FaultRequest request(Kind kind, ObjectNode manifest) {
    if (!(kind.rules() instanceof FaultRules rules)) {
      throw new IllegalArgumentException(kind.name() + " is no kind of fault");
    }
    return rules.read(Field.root(manifest), new FaultInput(new Problems(), new ArrayList<>()));
  }

  /** Where a stored fault acts, as its status says. */
  public static FaultStatus status(StoredObject stored) {
    return FaultStatus.read(Field.root(ManifestJson.read(stored)).at("status"));
  }

  /** A stored fault as agents and DNS servers are told of it. */
  public static NetworkFault fault(StoredObject stored) {
    ObjectNode manifest = ManifestJson.read(stored);
    FaultRequest request = request(kind(stored), manifest);
    FaultStatus status = FaultStatus.read(Field.root(manifest).at("status"));
    FaultSpec spec = request.spec();
    boolean actsOnLinks = !spec.packets().isEmpty() || !spec.toxics().isEmpty();
    return new NetworkFault(
        request.key(),
        request.uid(),
        spec,
        status.isActive(actsOnLinks),
        status.startMillis(),
        status.deadlineMillis(),
        request.leaseMillis(),
        status.links(),
        status.targets(),
        status.dnsClients());
  }

  private static Kind kind(StoredObject stored) {
    return KindTable.byResource(stored.key().resource())
        .filter(FaultReader::isFault)
        .orElseThrow(() -> new IllegalArgumentException(stored.key() + " is no fault"));
  }
}
