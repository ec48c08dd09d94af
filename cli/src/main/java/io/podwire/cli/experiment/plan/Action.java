package io.podwire.cli.experiment.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestStream;
import java.time.Duration;
import java.util.List;

/** What a step does. */
public sealed interface Action {

  /**
   * Makes a fault and waits for its end.
   *
   * @param kind NetworkFault or one of Chaos Mesh's
   * @param manifest without a name; never changed
   * @param held whether it has no end of its own: it is held until the experiment ends
   */
  record Fault(Resource kind, ObjectNode manifest, boolean held) implements Action {}

  /**
   * Applies manifests.
   *
   * @param namespace of objects that name none
   */
  record Apply(String namespace, ManifestStream manifests) implements Action {}

  /** Deletes an object. */
  record Delete(Resource kind, String namespace, String name) implements Action {}

  /** Runs a program in a Pod; another exit code than 0 is a failure. */
  record Exec(String namespace, String pod, List<String> command, Duration timeout)
      implements Action {
    /** Keeps its own copy. */
    public Exec {
      command = List.copyOf(command);
    }
  }

  /** Does nothing for a while: a span that assertions can name. */
  record Wait(Duration duration) implements Action {}
}
