package io.podwire.testkit.cluster;

import io.podwire.client.api.ApiAddress;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where all of one cluster lies: nothing that another cluster, of this JVM or another, knows.
 *
 * @param home the cluster's PODWIRE_HOME
 * @param name unique on this machine while this JVM runs
 */
record StateFolder(Path home, String name) {
  /** The environment's variable that tells the launcher the home. */
  static final String VARIABLE = "PODWIRE_HOME";

  private static final AtomicInteger COUNTER = new AtomicInteger();

  /** A new one below the JVM's folder of temporary files. */
  static StateFolder create() {
    String name = "t" + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
    try {
      return new StateFolder(Files.createTempDirectory("podwire-" + name + "-"), name);
    } catch (IOException failure) {
      throw new ClusterFailure(
          "no folder can be made in java.io.tmpdir (" + failure.getMessage() + ")", failure);
    }
  }

  private Path folder() {
    return home.resolve("clusters").resolve(name);
  }

  ApiAddress api() {
    return new ApiAddress.Unix(folder().resolve("api.sock"));
  }

  /** What the programs say. */
  Path logs() {
    return folder().resolve("logs");
  }

  /** What nodes keep; the programs of Pods write their logs there. */
  Path nodes() {
    return folder().resolve("nodes");
  }

  /** The file with a program's process id. */
  Path pid(String program) {
    return folder().resolve("run").resolve(program + ".pid");
  }

  /** Captures as they arrive. */
  Path captures() {
    return home.resolve("captures");
  }

  /** The end of a program's log; empty where there is none. */
  List<String> logTail(String program, int lines) {
    try {
      List<String> all = Files.readAllLines(logs().resolve(program + ".log"));
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException none) {
      return List.of();
    }
  }

  /** Removes what is left, when the cluster is gone. */
  void delete() {
    if (!Files.exists(home)) {
      return;
    }
    try {
      Files.walkFileTree(
          home,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failure) {
      throw new ClusterFailure(home + " cannot be removed: " + failure.getMessage(), failure);
    }
  }
}
