package io.podwire.cli.fault;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.client.api.Resource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** NetworkFaults as the API takes them. */
public final class FaultManifest {
  /** When the holder was last there. */
  public static final String HEARTBEAT = "podwire.io/heartbeat";

  private FaultManifest() {}

  /**
   * A manifest.
   *
   * @param what the effect's name, which the fault's begins with
   * @param onNodes whether it acts on nodes whatever the options say
   * @param effect writes the effect into the spec
   * @param held whether a heartbeat keeps it alive from now on
   */
  public static ObjectNode of(
      String what,
      FaultScope scope,
      boolean onNodes,
      boolean held,
      Instant now,
      Consumer<ObjectNode> effect) {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    manifest
        .put("apiVersion", Resource.NETWORK_FAULT.apiVersion())
        .put("kind", Resource.NETWORK_FAULT.kind());
    ObjectNode metadata = scope.metadata(what);
    manifest.set("metadata", metadata);
    ObjectNode spec = manifest.putObject("spec");
    scope.writeTo(spec, onNodes);
    if (held) {
      spec.putObject("lease").put("seconds", scope.lease());
      metadata.putObject("annotations").put(HEARTBEAT, time(now));
    }
    effect.accept(spec);
    return manifest;
  }

  /** The merge patch that says that the holder is there. */
  public static String heartbeat(Instant now) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").putObject("annotations").put(HEARTBEAT, time(now));
    return patch.toString();
  }

  /** The merge patch of the status that ends a fault, and leaves its receipt to be read. */
  public static String end() {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("status").put("phase", "Ended");
    return patch.toString();
  }

  private static String time(Instant now) {
    return now.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
