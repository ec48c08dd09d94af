package io.podwire.testkit.junit;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.topology.Topology;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The clusters that outlive a class: closed by JUnit at the end of the run. Thread-safe.
 *
 * <p>JUnit before 5.13 closes by the one interface, later ones by the other.
 */
@SuppressWarnings("deprecation")
final class SharedClusters implements ExtensionContext.Store.CloseableResource, AutoCloseable {
  private final ClusterSource source;
  private final Map<Topology, Deque<Cluster>> idle = new HashMap<>();

  private SharedClusters(ClusterSource source) {
    this.source = source;
  }

  /** Those of this run. */
  static SharedClusters of(ExtensionContext context, ClusterSource source) {
    ExtensionContext.Namespace namespace = ExtensionContext.Namespace.create(SharedClusters.class);
    return context
        .getRoot()
        .getStore(namespace)
        .getOrComputeIfAbsent(source, key -> new SharedClusters(key), SharedClusters.class);
  }

  /** One that is free, brought back to its first state, or a new one. */
  Cluster take(Topology topology) {
    for (Cluster free = poll(topology); free != null; free = poll(topology)) {
      if (isReset(free)) {
        return free;
      }
      free.close();
    }
    return source.start(topology);
  }

  private static boolean isReset(Cluster cluster) {
    try {
      return cluster.reset();
    } catch (RuntimeException broken) {
      // Whatever an earlier class has done to it: a new one does as well.
      return false;
    }
  }

  private synchronized @Nullable Cluster poll(Topology topology) {
    Deque<Cluster> free = idle.get(topology);
    return free == null ? null : free.poll();
  }

  /** It is free again. */
  synchronized void giveBack(Cluster cluster) {
    idle.computeIfAbsent(cluster.topology(), key -> new ArrayDeque<>()).add(cluster);
  }

  @Override
  public synchronized void close() {
    RuntimeException first = null;
    for (Deque<Cluster> free : idle.values()) {
      for (Cluster cluster : free) {
        try {
          cluster.close();
        } catch (RuntimeException failure) {
          if (first == null) {
            first = failure;
          } else {
            first.addSuppressed(failure);
          }
        }
      }
    }
    idle.clear();
    if (first != null) {
      throw first;
    }
  }
}
