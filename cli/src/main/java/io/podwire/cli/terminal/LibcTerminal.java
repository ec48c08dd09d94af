package io.podwire.cli.terminal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** A terminal behind a file descriptor of this process, by libc. Thread-safe. */
public final class LibcTerminal implements TerminalDevice {
  /** Standard input's descriptor. */
  public static final int STDIN = 0;

  /** Standard output's descriptor. */
  public static final int STDOUT = 1;

  /** Standard error's descriptor. */
  public static final int STDERR = 2;

  // Larger than struct termios of any libc (glibc and musl: 60 octets).
  private static final int TERMIOS_SIZE = 256;
  private static final int WINSIZE_SIZE = 8;
  private static final int WINSIZE_ROWS = 0;
  private static final int WINSIZE_COLUMNS = 2;
  private static final int TCSADRAIN = 1;
  private static final long TIOCGWINSZ = 0x5413;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle ISATTY =
      function("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle TCGETATTR =
      function("tcgetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle TCSETATTR =
      function("tcsetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle CFMAKERAW =
      function("cfmakeraw", FunctionDescriptor.ofVoid(ADDRESS));
  private static final MethodHandle IOCTL =
      function(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));

  private final int descriptor;

  /** The terminal behind the descriptor; whether there is one, {@link #isTerminal} tells. */
  public LibcTerminal(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Whether the descriptor is a terminal (isatty(3)). */
  public static boolean isTerminal(int descriptor) {
    try {
      return (int) ISATTY.invokeExact(descriptor) == 1;
    } catch (Throwable failure) {
      throw nativeFailure(failure);
    }
  }

  @Override
  public byte[] attributes() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = arena.allocate(TERMIOS_SIZE, Long.BYTES);
      check("tcgetattr", (int) TCGETATTR.invokeExact(descriptor, termios));
      return termios.toArray(JAVA_BYTE);
    } catch (Throwable failure) {
      throw nativeFailure(failure);
    }
  }

  @Override
  public void apply(byte[] attributes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = copy(arena, attributes);
      check("tcsetattr", (int) TCSETATTR.invokeExact(descriptor, TCSADRAIN, termios));
    } catch (Throwable failure) {
      throw nativeFailure(failure);
    }
  }

  @Override
  public byte[] raw(byte[] attributes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = copy(arena, attributes);
      CFMAKERAW.invokeExact(termios);
      return termios.toArray(JAVA_BYTE);
    } catch (Throwable failure) {
      throw nativeFailure(failure);
    }
  }

  @Override
  public Optional<TerminalSize> size() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment window = arena.allocate(WINSIZE_SIZE, Long.BYTES);
      if ((int) IOCTL.invokeExact(descriptor, TIOCGWINSZ, window) != 0) {
        return Optional.empty();
      }
      int columns = Short.toUnsignedInt(window.get(JAVA_SHORT, WINSIZE_COLUMNS));
      int rows = Short.toUnsignedInt(window.get(JAVA_SHORT, WINSIZE_ROWS));
      return columns == 0 || rows == 0
          ? Optional.empty()
          : Optional.of(new TerminalSize(columns, rows));
    } catch (Throwable failure) {
      throw nativeFailure(failure);
    }
  }

  private static MemorySegment copy(Arena arena, byte[] attributes) {
    MemorySegment termios = arena.allocate(TERMIOS_SIZE, Long.BYTES);
    MemorySegment.copy(attributes, 0, termios, JAVA_BYTE, 0, attributes.length);
    return termios;
  }

  private void check(String call, int result) {
    if (result != 0) {
      throw new IllegalStateException(call + " refused descriptor " + descriptor);
    }
  }

  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  private static RuntimeException nativeFailure(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
  }
}
