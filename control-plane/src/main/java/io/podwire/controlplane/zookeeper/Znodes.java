package io.podwire.controlplane.zookeeper;

import io.podwire.cluster.store.Claim;
import io.podwire.cluster.store.ResourceKey;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** Where everything is in ZooKeeper. */
final class Znodes {

  static final String REGISTRY = "/podwire/registry";
  static final String MARKER = REGISTRY + "/marker";
  static final String NODES = "/podwire/sessions/nodes";
  static final String CONTROL_PLANES = "/podwire/sessions/controlplanes";
  static final String CONFIG = "/podwire/config";
  static final String DONE = "/podwire/done";
  static final String LATCH = "/podwire/latch";
  static final String EPOCH = "/podwire/epoch";

  /** Matches every version of a znode. */
  static final int ANY_VERSION = -1;

  private static final String CLAIMS = "/podwire/claims";

  /** Stands for the absent namespace of cluster-scoped objects; no namespace can be called so. */
  private static final String CLUSTER_SCOPED = "_";

  private static final int OBJECT_DEPTH = 3;

  private Znodes() {}

  static String path(ResourceKey key) {
    String namespace = key.namespace().isEmpty() ? CLUSTER_SCOPED : key.namespace();
    return REGISTRY + "/" + key.resource() + "/" + namespace + "/" + key.name();
  }

  /** The object at this path; empty for the directories above objects and for the marker. */
  static Optional<ResourceKey> key(String path) {
    String[] parts = path.substring(REGISTRY.length()).split("/", -1);
    return parts.length == OBJECT_DEPTH + 1
        ? Optional.of(key(parts[1], parts[2], parts[3]))
        : Optional.empty();
  }

  static ResourceKey key(String resource, String namespace, String name) {
    return new ResourceKey(resource, namespace.equals(CLUSTER_SCOPED) ? "" : namespace, name);
  }

  static String path(Claim claim) {
    // CIDRs hold a slash, which would be a level of its own.
    return CLAIMS + "/" + claim.pool() + "/" + claim.value().replace('/', '_');
  }

  static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /** Makes the directories that are always there. */
  static void createRoots(ZooKeeper zooKeeper) throws KeeperException, InterruptedException {
    for (String path :
        List.of(
            MARKER,
            NODES,
            CONTROL_PLANES,
            EPOCH,
            CLAIMS + "/" + Claim.POD_CIDRS,
            CLAIMS + "/" + Claim.CLUSTER_IPS,
            CLAIMS + "/" + Claim.NODE_PORTS)) {
      createWithParents(zooKeeper, path);
    }
  }

  /** Makes a persistent, empty znode and those above it; those that are there stay. */
  static void createWithParents(ZooKeeper zooKeeper, String path)
      throws KeeperException, InterruptedException {
    int end = 0;
    while (end < path.length()) {
      int next = path.indexOf('/', end + 1);
      end = next < 0 ? path.length() : next;
      try {
        zooKeeper.create(
            path.substring(0, end),
            new byte[0],
            ZooDefs.Ids.OPEN_ACL_UNSAFE,
            CreateMode.PERSISTENT);
      } catch (KeeperException.NodeExistsException present) {
        // Another control plane was first, or the process before this one.
      }
    }
  }
}
