package io.podwire.controlplane.boot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.api.DirectPods;
import io.podwire.controlplane.api.RequestRefusedException;
import io.podwire.controlplane.sync.PodPlacements;

/** What agents attach goes through the API's own checks. Thread-safe. */
record AttachedPods(DirectPods pods) implements PodPlacements {

  @Override
  public String create(ObjectNode manifest) {
    try {
      return pods.create(manifest);
    } catch (RequestRefusedException e) {
      throw refused(e);
    }
  }

  @Override
  public void remove(String namespace, String name, String uid) {
    try {
      pods.delete(namespace, name, uid);
    } catch (RequestRefusedException e) {
      throw refused(e);
    }
  }

  private static Refused refused(RequestRefusedException e) {
    return new Refused(String.join("; ", e.problems()), e.isForName());
  }
}
