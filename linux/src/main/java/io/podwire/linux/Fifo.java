package io.podwire.linux;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/** Named pipes (fifo(7)), on which a shell can wait without polling. */
public final class Fifo {

  private static final int AT_FDCWD = -100;
  private static final int S_IFIFO = 0x1000;
  private static final int OWNER_READ_WRITE = 0600;

  private Fifo() {}

  /** Creates one for the owner alone. */
  public static void create(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.MKNODAT.call(
          path.toString(),
          AT_FDCWD,
          NativeMemory.string(arena, path.toString()),
          S_IFIFO | OWNER_READ_WRITE,
          0);
    }
  }
}
