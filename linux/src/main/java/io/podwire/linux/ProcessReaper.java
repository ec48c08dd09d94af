package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One thread that sees every watched process end, by polling their pidfds together.
 *
 * <p>It waits for each by its own pidfd, never for any child, so that {@link Process} keeps its
 * own.
 */
final class ProcessReaper {

  private static final int EFD_CLOEXEC = 0x80000;
  private static final int EFD_NONBLOCK = 0x800;
  private static final int POLLFD_LENGTH = 8;
  private static final int EVENTS_OFFSET = 4;
  private static final int RESULTS_OFFSET = 6;
  private static final short POLLIN = 1;
  private static final int P_PIDFD = 3;
  private static final int WEXITED = 4;
  private static final int SIGINFO_LENGTH = 128;
  private static final int SIGINFO_CODE_OFFSET = 8;
  private static final int SIGINFO_STATUS_OFFSET = 24;
  private static final int CLD_EXITED = 1;
  private static final int SIGNAL_BASE = 128;

  private final ConcurrentLinkedQueue<ChildProcess> arriving = new ConcurrentLinkedQueue<>();
  private final int wakeup =
      (int) SystemCall.EVENTFD2.call("of the reaper", 0, EFD_CLOEXEC | EFD_NONBLOCK);

  private ProcessReaper() {
    NamespaceThread.startOutside("process-reaper", this::run);
  }

  static ProcessReaper instance() {
    return Holder.INSTANCE;
  }

  void watch(ChildProcess process) {
    arriving.add(process);
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.WRITE.call(
          "to the reaper", wakeup, arena.allocateFrom(JAVA_LONG, 1L).address(), Long.BYTES);
    }
  }

  private void run() {
    List<ChildProcess> watched = new ArrayList<>();
    while (true) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment polled = arena.allocate((watched.size() + 1L) * POLLFD_LENGTH, Long.BYTES);
        set(polled, 0, wakeup);
        for (int i = 0; i < watched.size(); i++) {
          set(polled, i + 1, watched.get(i).pidfd());
        }
        SystemCall.PPOLL.call("of processes", polled.address(), watched.size() + 1L, 0, 0, 8);
        List<ChildProcess> left = new ArrayList<>();
        for (int i = 0; i < watched.size(); i++) {
          if (polled.get(JAVA_SHORT, (i + 1L) * POLLFD_LENGTH + RESULTS_OFFSET) != 0) {
            watched.get(i).ended();
          } else {
            left.add(watched.get(i));
          }
        }
        watched = left;
        SystemCall.READ.attempt(wakeup, arena.allocate(JAVA_LONG).address(), Long.BYTES);
        for (ChildProcess next = arriving.poll(); next != null; next = arriving.poll()) {
          watched.add(next);
        }
      }
    }
  }

  private static void set(MemorySegment polled, int index, int descriptor) {
    polled.set(JAVA_INT, (long) index * POLLFD_LENGTH, descriptor);
    polled.set(JAVA_SHORT, (long) index * POLLFD_LENGTH + EVENTS_OFFSET, POLLIN);
  }

  /** Collects an ended child; its exit code, or 128 + n after signal n. */
  static int reap(int pidfd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(SIGINFO_LENGTH, Long.BYTES);
      SystemCall.WAITID.call("of a child", P_PIDFD, pidfd, info.address(), WEXITED, 0);
      int status = info.get(JAVA_INT, SIGINFO_STATUS_OFFSET);
      return info.get(JAVA_INT, SIGINFO_CODE_OFFSET) == CLD_EXITED ? status : SIGNAL_BASE + status;
    }
  }

  /** Starts the thread at the first watched process. */
  private static final class Holder {
    static final ProcessReaper INSTANCE = new ProcessReaper();
  }
}
