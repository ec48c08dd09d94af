package io.podwire.controlplane.boot;

import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.api.ApiEnvironment;
import io.podwire.controlplane.api.BulkApply;
import io.podwire.controlplane.api.RequestRefusedException;
import io.podwire.controlplane.kind.MalformedManifestException;
import io.podwire.controlplane.zookeeper.AgreedConfig;
import io.podwire.controlplane.zookeeper.ZooKeeperConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies the manifests of the command line, once in the cluster's life. */
final class FirstManifests {

  private static final String TASK = "first-manifests";

  private final ZooKeeperConnection connection;
  private final ApiEnvironment environment;
  private final List<Path> files;
  private volatile boolean applied;
  private volatile @Nullable StartupException failure;

  FirstManifests(ZooKeeperConnection connection, ApiEnvironment environment, List<Path> files) {
    this.connection = connection;
    this.environment = environment;
    this.files = files;
  }

  /**
   * Whether that has been done, by any control plane.
   *
   * @throws StartupException if this one tried and a manifest was refused
   */
  boolean areApplied() {
    StartupException refused = failure;
    if (refused != null) {
      throw refused;
    }
    if (!applied && !files.isEmpty()) {
      try {
        applied = AgreedConfig.isDone(connection, TASK);
      } catch (StoreException.Unavailable e) {
        return false;
      }
    }
    return applied || files.isEmpty();
  }

  /** Does it; for the leader. */
  void apply() {
    if (areApplied()) {
      return;
    }
    for (Path file : files) {
      try {
        BulkApply.of(environment).apply(Files.readAllBytes(file), "default");
      } catch (RequestRefusedException e) {
        failure =
            new StartupException(
                e.problems().stream()
                    .map(problem -> "--manifest " + file + ": " + problem)
                    .toList());
        return;
      } catch (MalformedManifestException e) {
        failure = new StartupException("--manifest " + file + ": " + e.getMessage());
        return;
      } catch (IOException e) {
        failure =
            new StartupException("--manifest " + file + ": cannot be read: " + e.getMessage());
        return;
      }
    }
    AgreedConfig.markDone(connection, TASK);
  }
}
