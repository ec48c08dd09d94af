package io.podwire.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/** libc's posix_spawn(3), the one way to start a program from a process with many threads. */
final class PosixSpawn implements AutoCloseable {

  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;
  // Larger than glibc's (336, 80, 128) and musl's (336, 80, 128) structures.
  private static final long ATTRIBUTES_LENGTH = 512;
  private static final long ACTIONS_LENGTH = 256;
  private static final long SIGNALS_LENGTH = 128;
  private static final int FIRST_OTHER = 3;
  private static final int CLOSE_RANGE_CLOEXEC = 4;

  private static final MethodHandle SPAWN =
      function("posix_spawn", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
  private static final MethodHandle ATTRIBUTES_INIT = function("posix_spawnattr_init", ADDRESS);
  private static final MethodHandle ATTRIBUTES_DESTROY =
      function("posix_spawnattr_destroy", ADDRESS);
  private static final MethodHandle SET_FLAGS =
      function("posix_spawnattr_setflags", ADDRESS, JAVA_SHORT);
  private static final MethodHandle SET_MASK =
      function("posix_spawnattr_setsigmask", ADDRESS, ADDRESS);
  private static final MethodHandle SET_DEFAULT =
      function("posix_spawnattr_setsigdefault", ADDRESS, ADDRESS);
  private static final MethodHandle ACTIONS_INIT =
      function("posix_spawn_file_actions_init", ADDRESS);
  private static final MethodHandle ACTIONS_DESTROY =
      function("posix_spawn_file_actions_destroy", ADDRESS);
  private static final MethodHandle ADD_DUP =
      function("posix_spawn_file_actions_adddup2", ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle ADD_OPEN =
      function("posix_spawn_file_actions_addopen", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle ADD_DIRECTORY =
      function("posix_spawn_file_actions_addchdir_np", ADDRESS, ADDRESS);
  // glibc 2.34; elsewhere the descriptors are marked before the program starts.
  private static final Optional<MethodHandle> ADD_CLOSE_FROM =
      optional("posix_spawn_file_actions_addclosefrom_np", ADDRESS, JAVA_INT);
  private static final MethodHandle FILL_SIGNALS = function("sigfillset", ADDRESS);
  private static final MethodHandle EMPTY_SIGNALS = function("sigemptyset", ADDRESS);

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment attributes = arena.allocate(ATTRIBUTES_LENGTH, Long.BYTES);
  private final MemorySegment actions = arena.allocate(ACTIONS_LENGTH, Long.BYTES);

  PosixSpawn() {
    check("posix_spawnattr_init", ATTRIBUTES_INIT, attributes);
    check("posix_spawn_file_actions_init", ACTIONS_INIT, actions);
  }

  /** Standard stream {@code target} becomes a copy of an open descriptor. */
  void duplicate(int descriptor, int target) {
    check("adddup2", ADD_DUP, actions, descriptor, target);
  }

  void open(String path, int flags, int target) {
    check("addopen", ADD_OPEN, actions, target, arena.allocateFrom(path), flags, 0644);
  }

  void directory(String path) {
    check("addchdir", ADD_DIRECTORY, actions, arena.allocateFrom(path));
  }

  /**
   * Starts it and returns its process id, with every signal as it is in a new process and no
   * descriptor but the three standard ones.
   */
  int start(String path, List<String> arguments, List<String> environment, boolean session) {
    MemorySegment signals = arena.allocate(SIGNALS_LENGTH, Long.BYTES);
    check("sigemptyset", EMPTY_SIGNALS, signals);
    check("setsigmask", SET_MASK, attributes, signals);
    check("sigfillset", FILL_SIGNALS, signals);
    check("setsigdefault", SET_DEFAULT, attributes, signals);
    int flags = SETSIGDEF | SETSIGMASK | (session ? SETSID : 0);
    check("setflags", SET_FLAGS, attributes, (short) flags);
    if (ADD_CLOSE_FROM.isPresent()) {
      check("addclosefrom", ADD_CLOSE_FROM.get(), actions, FIRST_OTHER);
    } else {
      SystemCall.CLOSE_RANGE.call("from 3", FIRST_OTHER, 0xffff_ffffL, CLOSE_RANGE_CLOEXEC);
    }
    MemorySegment pid = arena.allocate(JAVA_INT);
    check(
        "start " + path,
        SPAWN,
        pid,
        arena.allocateFrom(path),
        actions,
        attributes,
        NativeMemory.strings(arena, arguments),
        NativeMemory.strings(arena, environment));
    return pid.get(JAVA_INT, 0);
  }

  @Override
  public void close() {
    check("posix_spawn_file_actions_destroy", ACTIONS_DESTROY, actions);
    check("posix_spawnattr_destroy", ATTRIBUTES_DESTROY, attributes);
    arena.close();
  }

  private static void check(String call, MethodHandle function, Object... arguments) {
    int error;
    try {
      error = (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AssertionError("a native call does not throw", e);
    }
    if (error != 0) {
      throw new LinuxException(call, error, "");
    }
  }

  private static MethodHandle function(String name, MemoryLayout... parameters) {
    return optional(name, parameters)
        .orElseThrow(() ->
            new UnsupportedOperationException(
                "libc has no " + name + "; glibc 2.29 or musl 1.1.24 is needed"));
  }

  private static Optional<MethodHandle> optional(String name, MemoryLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(
            address -> linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, parameters)));
  }
}
