package io.podwire.linux;

import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Work on a platform thread of its own, which may change the namespaces it is in because it ends
 * with the work.
 *
 * <p>A thread starts in the namespaces of the thread that starts it. Waking a virtual thread up may
 * start a thread, too: a carrier. So both starting such a thread and waking up who waits for its
 * result are left to one launcher that never leaves the process' own namespaces.
 */
final class NamespaceThread {

  private static final int CLONE_FS = 0x200;

  // Without locks: releasing one could wake up a virtual thread.
  private static final Queue<Runnable> LAUNCHES = new ConcurrentLinkedQueue<>();
  private static final Thread LAUNCHER;

  static {
    // Starts the JDK's cleaner thread, should nobody have needed it so far.
    Arena.ofAuto().allocate(1);
    LAUNCHER =
        Thread.ofPlatform().name("namespace-launcher").daemon().start(NamespaceThread::launch);
  }

  private NamespaceThread() {}

  private static void launch() {
    while (true) {
      Runnable next = LAUNCHES.poll();
      if (next == null) {
        LockSupport.park();
      } else {
        next.run();
      }
    }
  }

  private static void onLauncher(Runnable step) {
    LAUNCHES.add(step);
    LockSupport.unpark(LAUNCHER);
  }

  /** Starts a thread in the process' own namespaces, wherever the caller is. */
  static void startOutside(String name, Runnable task) {
    onLauncher(() -> Thread.ofPlatform().name(name).daemon().start(task));
  }

  /** Runs the work and waits for it; what it throws is thrown here. */
  static <T extends @Nullable Object, X extends Exception> T run(
      String name, NetworkNamespace.Work<T, X> work) throws X {
    CompletableFuture<T> result = new CompletableFuture<>();
    startOutside(
        name,
        () -> {
          try {
            T value = work.run();
            onLauncher(() -> result.complete(value));
          } catch (Throwable e) {
            onLauncher(() -> result.completeExceptionally(e));
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
          throw NamespaceThread.<X>rethrown(Objects.requireNonNull(e.getCause()));
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

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <X extends Exception> X rethrown(Throwable cause) throws X {
    if (cause instanceof Error error) {
      throw error;
    }
    throw (X) cause;
  }
}
