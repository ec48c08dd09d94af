package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Locale;

/**
 * The Linux system calls that Podwire makes, with their numbers on x86-64 and aarch64 (arch/x86's
 * {@code syscall_64.tbl} and {@code asm-generic/unistd.h}).
 *
 * <p>All go through libc's {@code syscall(2)}: pointers are addresses, a failure comes back as the
 * negated error number. The memory that an address points to must be kept alive by the caller.
 */
enum SystemCall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  RT_SIGPROCMASK(14, 135),
  IOCTL(16, 29),
  READV(19, 65),
  WRITEV(20, 66),
  SOCKET(41, 198),
  CONNECT(42, 203),
  SENDTO(44, 206),
  RECVFROM(45, 207),
  SENDMSG(46, 211),
  RECVMSG(47, 212),
  SHUTDOWN(48, 210),
  BIND(49, 200),
  LISTEN(50, 201),
  GETSOCKNAME(51, 204),
  SETSOCKOPT(54, 208),
  GETSOCKOPT(55, 209),
  FCNTL(72, 25),
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  SETHOSTNAME(170, 161),
  WAITID(247, 95),
  OPENAT(257, 56),
  MKNODAT(259, 33),
  PPOLL(271, 73),
  UNSHARE(272, 97),
  ACCEPT4(288, 242),
  EVENTFD2(290, 19),
  PIPE2(293, 59),
  RECVMMSG(299, 243),
  SENDMMSG(307, 269),
  SETNS(308, 268),
  PIDFD_SEND_SIGNAL(424, 424),
  PIDFD_OPEN(434, 434),
  CLOSE_RANGE(436, 436);

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));
  private static final FunctionDescriptor SIX_ARGUMENTS =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle PLAIN = handle();
  // Without the thread-state transition: only for calls that cannot block.
  private static final MethodHandle SHORT = handle(Linker.Option.critical(false));
  private static final ThreadLocal<MemorySegment> CAPTURED =
      ThreadLocal.withInitial(() -> captureState(Arena.ofAuto()));

  private final int x86;
  private final int aarch64;

  SystemCall(int x86, int aarch64) {
    this.x86 = x86;
    this.aarch64 = aarch64;
  }

  private static MethodHandle handle(Linker.Option... more) {
    Linker linker = Linker.nativeLinker();
    Linker.Option[] options = new Linker.Option[more.length + 2];
    options[0] = Linker.Option.captureCallState("errno");
    options[1] = Linker.Option.firstVariadicArg(1);
    System.arraycopy(more, 0, options, 2, more.length);
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"), SIX_ARGUMENTS, options);
  }

  /** Memory for one thread's error number, for {@link #shortCall}. */
  static MemorySegment captureState(Arena arena) {
    return arena.allocate(STATE);
  }

  static int errno(MemorySegment captured) {
    return captured.get(JAVA_INT, ERRNO);
  }

  /** This system call's number on this machine. */
  int number() {
    return Machine.AARCH64 ? aarch64 : x86;
  }

  /** What the call returned, or the negated error number. Repeated while interrupted. */
  long attempt(long... arguments) {
    long[] a = arguments.length == 6 ? arguments : Arrays.copyOf(arguments, 6);
    MemorySegment captured = CAPTURED.get();
    while (true) {
      long result;
      try {
        result =
            (long) PLAIN.invokeExact(captured, (long) number(), a[0], a[1], a[2], a[3], a[4], a[5]);
      } catch (Throwable e) {
        throw new AssertionError("a native call does not throw", e);
      }
      if (result != -1) {
        return result;
      }
      int errno = errno(captured);
      // After an interrupted close the number may already belong to someone else.
      if (errno != Errno.EINTR || this == CLOSE) {
        return -errno;
      }
    }
  }

  /** As {@link #attempt}, with a {@link LinuxException} naming the context on failure. */
  long call(String context, long... arguments) {
    long result = attempt(arguments);
    if (result < 0) {
      throw new LinuxException(toString(), (int) -result, context);
    }
    return result;
  }

  /**
   * The hot path's form: allocates nothing and holds up a garbage collection while it runs, so only
   * for descriptors that do not block.
   *
   * @param number from {@link #number()}, kept in a constant by the caller
   * @param captured from {@link #captureState}, confined to the calling thread
   * @return what the call returned, or the negated error number
   */
  static long shortCall(
      MemorySegment captured, long number, long a, long b, long c, long d, long e, long f) {
    try {
      long result = (long) SHORT.invokeExact(captured, number, a, b, c, d, e, f);
      return result == -1 ? -errno(captured) : result;
    } catch (Throwable t) {
      throw new AssertionError("a native call does not throw", t);
    }
  }

  @Override
  public String toString() {
    return this == OPENAT ? "open" : name().toLowerCase(Locale.ROOT);
  }

  /** Which of the two numbers counts. */
  private static final class Machine {
    static final boolean AARCH64 = isAarch64(System.getProperty("os.arch", ""));

    private static boolean isAarch64(String architecture) {
      return switch (architecture) {
        case "amd64", "x86_64" -> false;
        case "aarch64" -> true;
        default ->
            throw new UnsupportedOperationException(
                "Podwire's agent runs on x86-64 and aarch64, not on " + architecture);
      };
    }
  }
}
