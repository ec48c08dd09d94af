package io.podwire.linux;

import java.lang.foreign.Arena;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor that is closed once.
 *
 * <p>Closing is thread-safe; using the number after closing is the owner's error.
 */
public final class Descriptor implements AutoCloseable {

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_NOCTTY = 0x100;
  static final int O_APPEND = 0x400;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int AT_FDCWD = -100;

  private final int number;
  private final AtomicBoolean open = new AtomicBoolean(true);

  /** Takes over a descriptor that is open already. */
  public Descriptor(int number) {
    this.number = number;
  }

  /** Opens a file, close-on-exec. */
  static Descriptor open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return new Descriptor(
          (int)
              SystemCall.OPENAT.call(
                  path, AT_FDCWD, NativeMemory.string(arena, path), flags | O_CLOEXEC, 0644));
    }
  }

  /** For everybody who shares it: reading and writing do not wait from now on. */
  void setNonBlocking() {
    long flags = SystemCall.FCNTL.call("flags of " + this, number, F_GETFL);
    SystemCall.FCNTL.call("flags of " + this, number, F_SETFL, flags | O_NONBLOCK);
  }

  /** The number that the kernel knows it by. */
  public int number() {
    return number;
  }

  public boolean isOpen() {
    return open.get();
  }

  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      SystemCall.CLOSE.attempt(number);
    }
  }

  @Override
  public String toString() {
    return "fd " + number;
  }
}
