package io.podwire.linux;

import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A running or ended program, held by a pidfd so that a reused process id cannot be mistaken for
 * it.
 *
 * <p>Thread-safe.
 */
public final class ChildProcess {

  private final long pid;
  private final Descriptor pidfd;
  private final boolean child;
  private final CompletableFuture<OptionalInt> exit = new CompletableFuture<>();

  private ChildProcess(long pid, Descriptor pidfd, boolean child) {
    this.pid = pid;
    this.pidfd = pidfd;
    this.child = child;
  }

  static ChildProcess ofChild(long pid) {
    // Nobody else reaps it, so the id is still this child's.
    return watched(new ChildProcess(pid, open(pid), true));
  }

  /**
   * Takes over a process that another started, such as this agent before its restart; its exit is
   * seen, its exit code is not.
   */
  public static ChildProcess adopt(long pid) {
    return watched(new ChildProcess(pid, open(pid), false));
  }

  private static Descriptor open(long pid) {
    return new Descriptor((int) SystemCall.PIDFD_OPEN.call("of process " + pid, pid, 0));
  }

  private static ChildProcess watched(ChildProcess process) {
    ProcessReaper.instance().watch(process);
    return process;
  }

  public long pid() {
    return pid;
  }

  int pidfd() {
    return pidfd.number();
  }

  /**
   * Completed when it has ended: with its exit code, 128 + n after signal n, or nothing where it
   * was adopted. Completed on the reaper's thread: continue long work elsewhere.
   */
  public CompletableFuture<OptionalInt> exit() {
    return exit.copy();
  }

  /** Runs the task once it has ended, at once where it has already; on the reaper's thread. */
  @SuppressWarnings("FutureReturnValueIgnored") // nothing follows from the task
  public void whenEnded(Runnable task) {
    exit.thenRun(task);
  }

  public boolean isRunning() {
    return !exit.isDone();
  }

  /** Sends a signal; false where it has ended already. */
  public boolean signal(Signal signal) {
    synchronized (pidfd) {
      if (!pidfd.isOpen()) {
        return false;
      }
      long result = SystemCall.PIDFD_SEND_SIGNAL.attempt(pidfd.number(), signal.number(), 0, 0);
      if (result < 0 && result != -Errno.ESRCH) {
        throw new LinuxException("kill", (int) -result, signal + " to process " + pid);
      }
      return result == 0;
    }
  }

  /** Called by the reaper once the pidfd has become readable. */
  void ended() {
    OptionalInt code =
        child ? OptionalInt.of(ProcessReaper.reap(pidfd.number())) : OptionalInt.empty();
    synchronized (pidfd) {
      pidfd.close();
    }
    exit.complete(code);
  }

  @Override
  public String toString() {
    return "process " + pid;
  }
}
