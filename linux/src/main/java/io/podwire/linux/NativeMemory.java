package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** C strings and arrays in an arena. */
final class NativeMemory {

  private NativeMemory() {}

  /** The address of a NUL-terminated copy. */
  static long string(Arena arena, String text) {
    return arena.allocateFrom(text).address();
  }

  /** The address of a {@code char*[]} that ends with a null pointer. */
  static MemorySegment strings(Arena arena, List<String> texts) {
    MemorySegment pointers = arena.allocate(JAVA_LONG, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      pointers.setAtIndex(JAVA_LONG, i, string(arena, texts.get(i)));
    }
    return pointers;
  }

  static long integer(Arena arena, int value) {
    return arena.allocateFrom(JAVA_INT, value).address();
  }
}
