package io.podwire.agent.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Where the last lines of a log begin. */
final class LogTail {

  private static final int BLOCK = 8 * 1024;

  private LogTail() {}

  /**
   * The offset of the last lines; a last line without a newline counts as one.
   *
   * @param lines negative for all
   */
  static long start(FileChannel channel, int lines) throws IOException {
    if (lines < 0) {
      return 0;
    }
    long end = channel.size();
    if (lines == 0) {
      return end;
    }
    int wanted = lines;
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    for (long stop = end; stop > 0; ) {
      long begin = Math.max(0, stop - BLOCK);
      block.clear().limit((int) (stop - begin));
      int length = channel.read(block, begin);
      for (int i = length - 1; i >= 0; i--) {
        // The newline at the very end closes the last line; the ones before it part lines.
        if (block.get(i) == '\n' && begin + i != end - 1 && --wanted == 0) {
          return begin + i + 1;
        }
      }
      stop = begin;
    }
    return 0;
  }
}
