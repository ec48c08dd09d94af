package io.podwire.agent.pod;

import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cluster that gives every Pod its name for a uid, and remembers what was deleted. */
public final class RecordingRegistry implements PodRegistry {

  private final List<String> deleted = new CopyOnWriteArrayList<>();

  @Override
  public String create(Pod pod) {
    return "uid-" + pod.key().name();
  }

  @Override
  public void delete(ObjectName pod, String uid) {
    deleted.add(uid);
  }

  List<String> deleted() {
    return deleted;
  }
}
