package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A pseudo-terminal (pty(7)): this end is read and written by us, the program has the other as its
 * terminal.
 *
 * <p>Thread-safe: resizing may happen beside reading and writing.
 */
public final class Pty implements AutoCloseable {

  /** What typed on a terminal means the end of input. */
  public static final byte END_OF_FILE = 4;

  private static final long TIOCGPTN = 0x80045430L;
  private static final long TIOCSPTLCK = 0x40045431L;
  private static final long TIOCSWINSZ = 0x5414L;
  private static final int WINSIZE_LENGTH = 8;

  private final Descriptor descriptor;
  private final String path;

  private Pty(Descriptor descriptor, String path) {
    this.descriptor = descriptor;
    this.path = path;
  }

  /** Opens a new one, unlocked, of 80 columns by 24 rows. */
  public static Pty open() {
    Descriptor descriptor = Descriptor.open("/dev/ptmx", Descriptor.O_RDWR | Descriptor.O_NOCTTY);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(JAVA_INT);
      SystemCall.IOCTL.call("number of pty", descriptor.number(), TIOCGPTN, number.address());
      SystemCall.IOCTL.call(
          "unlock pty", descriptor.number(), TIOCSPTLCK, NativeMemory.integer(arena, 0));
      Pty pty = new Pty(descriptor, "/dev/pts/" + number.get(JAVA_INT, 0));
      pty.resize(80, 24);
      return pty;
    } catch (RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  /** In characters; the program is told by SIGWINCH. */
  public void resize(int columns, int rows) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(WINSIZE_LENGTH, Short.BYTES);
      size.set(JAVA_SHORT, 0, (short) rows);
      size.set(JAVA_SHORT, 2, (short) columns);
      SystemCall.IOCTL.call("resize " + path, descriptor.number(), TIOCSWINSZ, size.address());
    }
  }

  /** Of the program's end, such as {@code /dev/pts/3}. */
  public String path() {
    return path;
  }

  /** Our end; reading it fails with EIO once the program's end is closed everywhere. */
  public int descriptor() {
    return descriptor.number();
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
