package io.podwire.controlplane.zookeeper;

import io.podwire.cluster.store.ResourceKey;
import io.podwire.cluster.store.StoredObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/** A full listing of the registry, and what it tells against what was known. */
final class RegistryListing {

  private static final long LIMIT_SECONDS = 30;

  private RegistryListing() {}

  /**
   * Something that happened unseen.
   *
   * @param znode null for a deletion
   */
  record Missed(ResourceKey key, @Nullable Znode znode, long revision) {}

  /** Every object that there is; one that comes or goes meanwhile may be in it or not. */
  static Map<ResourceKey, Znode> read(ZooKeeper zooKeeper)
      throws KeeperException, InterruptedException {
    Map<ResourceKey, CompletableFuture<@Nullable Znode>> reads = new HashMap<>();
    for (String resource : children(zooKeeper, Znodes.REGISTRY)) {
      String resourcePath = Znodes.REGISTRY + "/" + resource;
      for (String namespace : children(zooKeeper, resourcePath)) {
        for (String name : children(zooKeeper, resourcePath + "/" + namespace)) {
          ResourceKey key = Znodes.key(resource, namespace, name);
          reads.put(key, read(zooKeeper, Znodes.path(key)));
        }
      }
    }
    Map<ResourceKey, Znode> objects = new HashMap<>();
    for (var entry : reads.entrySet()) {
      Znode znode = await(entry.getValue());
      if (znode != null) {
        objects.put(entry.getKey(), znode);
      }
    }
    return objects;
  }

  private static List<String> children(ZooKeeper zooKeeper, String path)
      throws KeeperException, InterruptedException {
    try {
      return zooKeeper.getChildren(path, false);
    } catch (KeeperException.NoNodeException gone) {
      return List.of();
    }
  }

  private static CompletableFuture<@Nullable Znode> read(ZooKeeper zooKeeper, String path) {
    CompletableFuture<@Nullable Znode> result = new CompletableFuture<>();
    zooKeeper.getData(
        path,
        false,
        (code, readPath, context, data, stat) -> {
          switch (KeeperException.Code.get(code)) {
            case OK -> result.complete(Znode.of(data, stat));
            case NONODE -> result.complete(null);
            default ->
                result.completeExceptionally(
                    KeeperException.create(KeeperException.Code.get(code), readPath));
          }
        },
        null);
    return result;
  }

  private static @Nullable Znode await(CompletableFuture<@Nullable Znode> read)
      throws KeeperException, InterruptedException {
    try {
      return read.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KeeperException failure) {
        throw failure;
      }
      throw new IllegalStateException("an object in the registry is unreadable", e.getCause());
    } catch (TimeoutException e) {
      throw KeeperException.create(KeeperException.Code.OPERATIONTIMEOUT);
    }
  }

  /**
   * What happened up to a zxid and was not seen, in an order in which it may have happened.
   *
   * @param creations when each known object was created
   * @param deletedLater objects whose deletion is known to have come after the zxid
   */
  static List<Missed> missed(
      Map<ResourceKey, Znode> listed,
      Collection<StoredObject> known,
      Map<ResourceKey, Long> creations,
      Set<ResourceKey> deletedLater,
      long upTo) {
    List<Missed> missed = new ArrayList<>();
    Map<ResourceKey, StoredObject> unlisted = new HashMap<>();
    known.forEach(object -> unlisted.put(object.key(), object));
    listed.forEach((key, znode) -> {
      StoredObject before = unlisted.remove(key);
      boolean recreated = before != null && creations.getOrDefault(key, 0L) != znode.created();
      if (recreated && znode.created() <= upTo) {
        missed.add(new Missed(key, null, znode.created() - 1));
      }
      boolean changed = before == null || before.revision() < znode.modified();
      if (changed && znode.modified() <= upTo) {
        missed.add(new Missed(key, znode, znode.modified()));
      }
    });
    for (ResourceKey key : unlisted.keySet()) {
      if (!deletedLater.contains(key)) {
        missed.add(new Missed(key, null, upTo));
      }
    }
    missed.sort(
        Comparator.comparingLong(Missed::revision).thenComparing(step -> step.key().toString()));
    return missed;
  }
}
