package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Two descriptors (pipe(7)), both close-on-exec: what is written to one is read from the other. */
public record Pipe(Descriptor readEnd, Descriptor writeEnd) implements AutoCloseable {

  public static Pipe open() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(JAVA_INT, 2);
      SystemCall.PIPE2.call("", ends.address(), Descriptor.O_CLOEXEC);
      return new Pipe(
          new Descriptor(ends.getAtIndex(JAVA_INT, 0)),
          new Descriptor(ends.getAtIndex(JAVA_INT, 1)));
    }
  }

  @Override
  public void close() {
    readEnd.close();
    writeEnd.close();
  }
}
