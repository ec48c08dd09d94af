package io.podwire.agent.linux;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Work on a platform thread of its own, which may change the namespaces it is in because it ends
 * with the work.
 */
final class NamespaceThread {

  private static final int CLONE_FS = 0x200;

  private NamespaceThread() {}

  /** Runs the work and waits for it; what it throws is thrown here. */
  @SuppressWarnings("unchecked")
  static <T extends @Nullable Object, X extends Exception> T run(
      String name, NetworkNamespace.Work<T, X> work) throws X {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .name(name)
        .daemon()
        .start(() -> {
          try {
            result.complete(work.run());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          // The work holds kernel state half-way: it is let finish, and the interrupt kept.
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(Objects.requireNonNull(e.getCause()));
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Gives the thread a working directory of its own, without which it may not enter mounts. */
  static void separateFileSystemState() {
    SystemCall.UNSHARE.call("of the working directory", CLONE_FS);
  }

  @SuppressWarnings("unchecked")
  private static <X extends Exception> X rethrown(Throwable cause) throws X {
    if (cause instanceof Error error) {
      throw error;
    }
    throw (X) cause;
  }
}
