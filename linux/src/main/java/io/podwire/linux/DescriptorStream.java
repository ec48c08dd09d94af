package io.podwire.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Blocking streams over a pipe's or a terminal's descriptor.
 *
 * <p>For a thread of its own per stream: a read blocks the carrier of a virtual thread.
 */
public final class DescriptorStream {

  private static final int CHUNK = 32 * 1024;
  private static final long POLLFD_LENGTH = 8;
  private static final long EVENTS_OFFSET = 4;
  private static final long RESULTS_OFFSET = 6;
  private static final short POLLIN = 1;

  private DescriptorStream() {}

  /** Ends at end of file, and where a terminal's other end is gone. Closing it closes nothing. */
  public static InputStream reading(int descriptor) {
    return new Reading(descriptor, -1);
  }

  /**
   * As above; it also ends when another descriptor becomes readable or is hung up, such as the read
   * end of a pipe whose write end is closed to stop all reading.
   */
  public static InputStream reading(int descriptor, int stop) {
    return new Reading(descriptor, stop);
  }

  /** Closing it closes nothing. */
  public static OutputStream writing(int descriptor) {
    return new Writing(descriptor);
  }

  private static final class Reading extends InputStream {
    private final int descriptor;
    private final int stop;
    private final MemorySegment buffer = Arena.ofAuto().allocate(CHUNK);
    private final MemorySegment polled = Arena.ofAuto().allocate(2 * POLLFD_LENGTH, 8);

    Reading(int descriptor, int stop) {
      this.descriptor = descriptor;
      this.stop = stop;
      watch(0, descriptor);
      // A negative descriptor is passed over.
      watch(1, stop);
    }

    private void watch(int index, int number) {
      polled.set(ValueLayout.JAVA_INT, index * POLLFD_LENGTH, number);
      polled.set(ValueLayout.JAVA_SHORT, index * POLLFD_LENGTH + EVENTS_OFFSET, POLLIN);
    }

    /** Waits; whether there may be something to read, also after it was told to stop. */
    private boolean await() throws IOException {
      long result = SystemCall.PPOLL.attempt(polled.address(), 2, 0, 0, 8);
      if (result < 0) {
        throw new IOException("poll: " + Errno.text((int) -result));
      }
      return polled.get(ValueLayout.JAVA_SHORT, RESULTS_OFFSET) != 0;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (stop >= 0 && !await()) {
        return -1;
      }
      long count = SystemCall.READ.attempt(descriptor, buffer.address(), Math.min(length, CHUNK));
      if (count == 0 || count == -Errno.EIO) {
        return -1;
      }
      if (count < 0) {
        throw new IOException("read: " + Errno.text((int) -count));
      }
      MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, target, offset, (int) count);
      return (int) count;
    }
  }

  private static final class Writing extends OutputStream {
    private final int descriptor;
    private final MemorySegment buffer = Arena.ofAuto().allocate(CHUNK);

    Writing(int descriptor) {
      this.descriptor = descriptor;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        int part = Math.min(length - done, CHUNK);
        MemorySegment.copy(source, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, part);
        long count = SystemCall.WRITE.attempt(descriptor, buffer.address(), part);
        if (count < 0) {
          throw new IOException("write: " + Errno.text((int) -count));
        }
        done += (int) count;
      }
    }
  }
}
