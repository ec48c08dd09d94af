package io.podwire.cli.local;

import io.podwire.cli.outcome.CommandFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Removes a local cluster whole: processes, with them its namespaces and links, and files.
 *
 * <p>Works from any state: running, half started, or half gone. The caller holds the lock.
 */
final class ClusterRemoval {
  private ClusterRemoval() {}

  /**
   * Removes everything.
   *
   * @param keepLogs whether the folder of logs stays
   */
  static void run(ClusterHome home, boolean keepLogs) {
    if (!new ClusterProcesses(home).killAll(holders(home))) {
      throw new CommandFailure(
          "processes of cluster \""
              + home.name()
              + "\" do not end: "
              + new ClusterProcesses(home).members()
              + "; look at them with ps, then run 'podwire"
              + " down --name "
              + home.name()
              + "' again");
    }
    try {
      delete(home.folder(), keepLogs ? home.logs() : null);
      deleteIfEmpty(home.folder());
      deleteIfEmpty(home.root().resolve("clusters"));
      deleteIfEmpty(home.root());
    } catch (IOException failure) {
      throw new UncheckedIOException("removing " + home.folder(), failure);
    }
  }

  private static List<Long> holders(ClusterHome home) {
    List<Long> pids = new ArrayList<>();
    if (!Files.isDirectory(home.run())) {
      return pids;
    }
    try (Stream<Path> files = Files.list(home.run())) {
      for (Path file : files.toList()) {
        if (file.toString().endsWith(".holder")) {
          RunFiles.pid(file).ifPresent(pids::add);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("reading " + home.run(), failure);
    }
    return pids;
  }

  private static void delete(Path folder, @Nullable Path kept) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
            return visited.equals(kept) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            deleteIfEmpty(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try {
      Files.delete(folder);
    } catch (DirectoryNotEmptyException | NoSuchFileException stays) {
      // Another cluster's, kept logs, or gone already.
    }
  }
}
