package io.podwire.cli.terminal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** A pseudoterminal (pty(7)) for tests; the slave is what a program would see. */
final class PseudoTerminal implements AutoCloseable {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final int O_RDWR_NOCTTY = 0x102;
  private static final long TIOCSWINSZ = 0x5414;

  private final int master;
  private final int slave;

  PseudoTerminal() throws Throwable {
    master = (int) function("posix_openpt", JAVA_INT).invokeExact(O_RDWR_NOCTTY);
    check("grantpt", (int) function("grantpt", JAVA_INT).invokeExact(master));
    check("unlockpt", (int) function("unlockpt", JAVA_INT).invokeExact(master));
    MethodHandle ptsname =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("ptsname"),
            FunctionDescriptor.of(
                ADDRESS.withTargetLayout(
                    MemoryLayout.sequenceLayout(Byte.MAX_VALUE, ValueLayout.JAVA_BYTE)),
                JAVA_INT));
    MemorySegment name = (MemorySegment) ptsname.invokeExact(master);
    MethodHandle open =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    try (Arena arena = Arena.ofConfined()) {
      slave = (int) open.invokeExact(arena.allocateFrom(name.getString(0)), O_RDWR_NOCTTY);
    }
  }

  int slave() {
    return slave;
  }

  void resize(int columns, int rows) throws Throwable {
    MethodHandle ioctl =
        LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("ioctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            Linker.Option.firstVariadicArg(2));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment window = arena.allocate(8, 8);
      window.set(JAVA_SHORT, 0, (short) rows);
      window.set(JAVA_SHORT, 2, (short) columns);
      check("ioctl", (int) ioctl.invokeExact(master, TIOCSWINSZ, window));
    }
  }

  private static MethodHandle function(String name, ValueLayout.OfInt argument) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, argument));
  }

  private static void check(String call, int result) {
    if (result != 0) {
      throw new IllegalStateException(call + " failed");
    }
  }

  @Override
  public void close() throws Exception {
    try {
      check("close", (int) function("close", JAVA_INT).invokeExact(slave));
      check("close", (int) function("close", JAVA_INT).invokeExact(master));
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }
}
