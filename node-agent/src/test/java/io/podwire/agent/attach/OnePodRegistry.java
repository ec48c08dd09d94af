package io.podwire.agent.attach;

import io.podwire.agent.pod.PodRegistry;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A cluster of one node, as the node sees it. Thread-safe. */
final class OnePodRegistry implements PodRegistry {

  private final Map<ObjectName, Pod> pods = new HashMap<>();
  private Consumer<Collection<Pod>> node = all -> {};
  private int count;
  private boolean mute;

  synchronized void connect(Consumer<Collection<Pod>> reconcile) {
    node = reconcile;
    tell();
  }

  /** Creates, but does not tell: as a control plane that ends in between. */
  synchronized void setMute(boolean silent) {
    mute = silent;
  }

  private void tell() {
    if (!mute) {
      node.accept(List.copyOf(pods.values()));
    }
  }

  @Override
  public synchronized String create(Pod pod) {
    if (pods.containsKey(pod.key())) {
      throw new Refused(Refused.Kind.TAKEN, "pods \"" + pod.key() + "\" already exists");
    }
    String uid = "uid-" + ++count;
    pods.put(pod.key(), changed(pod, uid, false));
    tell();
    return uid;
  }

  @Override
  public synchronized void delete(ObjectName pod, String uid) {
    Pod there = pods.get(pod);
    if (there != null && there.uid().equals(uid)) {
      pods.put(pod, changed(there, uid, true));
      tell();
    }
  }

  synchronized void report(PodStatus status) {
    Pod there = pods.get(status.key());
    if (status.gone() && there != null && there.uid().equals(status.uid())) {
      pods.remove(status.key());
      tell();
    }
  }

  synchronized boolean isEmpty() {
    return pods.isEmpty();
  }

  private static Pod changed(Pod pod, String uid, boolean terminating) {
    return new Pod(
        pod.key(),
        uid,
        pod.labels(),
        pod.nodeName(),
        pod.spec(),
        pod.phase(),
        pod.podIps(),
        pod.ready(),
        terminating,
        pod.gracePeriodSeconds());
  }
}
