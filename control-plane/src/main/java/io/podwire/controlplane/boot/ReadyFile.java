package io.podwire.controlplane.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The file that tells a supervisor that this process serves. Not thread-safe. */
final class ReadyFile implements AutoCloseable {

  private final Optional<Path> path;

  /** Removes what an earlier run may have left. */
  ReadyFile(Optional<Path> path) {
    this.path = path;
    close();
  }

  void create() {
    path.ifPresent(file -> {
      try {
        Files.writeString(file, Long.toString(ProcessHandle.current().pid()));
      } catch (IOException e) {
        throw new StartupException(
            "--ready-file " + file + ": cannot be written; name a place where it can");
      }
    });
  }

  @Override
  public void close() {
    path.ifPresent(file -> {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new StartupException(
            "--ready-file " + file + ": cannot be removed; name another place");
      }
    });
  }
}
