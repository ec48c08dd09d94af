package io.podwire.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.function.Consumer;

/** Tells the names of files as they change in a cluster's run folder, until closed. */
final class RunFolderWatch implements AutoCloseable {
  private final WatchService watch;

  /**
   * Begins to watch; what changes after the constructor is told.
   *
   * @param listener called on a thread of its own
   */
  RunFolderWatch(Path folder, Consumer<String> listener) {
    try {
      watch = folder.getFileSystem().newWatchService();
      folder.register(
          watch,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
    } catch (IOException failure) {
      throw new UncheckedIOException("watching " + folder, failure);
    }
    Thread.ofPlatform().daemon().name("run-folder").start(() -> tell(listener));
  }

  private void tell(Consumer<String> listener) {
    try {
      while (true) {
        WatchKey key = watch.take();
        for (WatchEvent<?> event : key.pollEvents()) {
          listener.accept(String.valueOf(event.context()));
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException closed) {
      // The end that close() asks for.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      watch.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
