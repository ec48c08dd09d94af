package io.podwire.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An array of {@code struct mmsghdr} with one buffer each, as recvmmsg(2) and sendmmsg(2) take it.
 *
 * <p>Not thread-safe.
 */
final class MessageVector {
  private static final int MESSAGE = 64;
  private static final int NAME = 0;
  private static final int NAME_LENGTH = 8;
  private static final int VECTOR = 16;
  private static final int VECTOR_COUNT = 24;
  private static final int TRANSFERRED = 56;
  private static final int BUFFER = 16;
  private static final int BUFFER_LENGTH = 8;

  private final MemorySegment messages;
  // A buffer's accessors stay cheap where only the quick compiler runs.
  private final ByteBuffer headers;
  private final ByteBuffer buffers;

  MessageVector(Arena arena, int size) {
    messages = arena.allocate((long) size * MESSAGE, Long.BYTES);
    MemorySegment vectors = arena.allocate((long) size * BUFFER, Long.BYTES);
    headers = messages.asByteBuffer().order(ByteOrder.nativeOrder());
    buffers = vectors.asByteBuffer().order(ByteOrder.nativeOrder());
    for (int i = 0; i < size; i++) {
      headers.putLong(i * MESSAGE + VECTOR, vectors.address() + (long) i * BUFFER);
      headers.putLong(i * MESSAGE + VECTOR_COUNT, 1);
    }
  }

  long address(int index) {
    return messages.address() + (long) index * MESSAGE;
  }

  void set(int index, long name, int nameLength, long buffer, int bufferLength) {
    headers.putLong(index * MESSAGE + NAME, name);
    headers.putInt(index * MESSAGE + NAME_LENGTH, nameLength);
    buffers.putLong(index * BUFFER, buffer);
    buffers.putLong(index * BUFFER + BUFFER_LENGTH, bufferLength);
  }

  void setNameLength(int index, int length) {
    headers.putInt(index * MESSAGE + NAME_LENGTH, length);
  }

  int nameLength(int index) {
    return headers.getInt(index * MESSAGE + NAME_LENGTH);
  }

  /** Octets that the kernel moved. */
  int transferred(int index) {
    return headers.getInt(index * MESSAGE + TRANSFERRED);
  }
}
