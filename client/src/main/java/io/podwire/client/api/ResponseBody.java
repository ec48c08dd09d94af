package io.podwire.client.api;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A response's body as it arrives, chunk by chunk.
 *
 * <p>The event loop delivers one chunk per {@code read} asked for, so that a slow reader slows the
 * server instead of filling memory. One thread reads; closing ends the connection.
 */
final class ResponseBody extends InputStream {
  private static final byte[] NOTHING = new byte[0];

  private record Chunk(byte[] bytes, boolean last, @Nullable IOException failure) {}

  private final LinkedBlockingQueue<Chunk> arrived = new LinkedBlockingQueue<>();
  private final Channel channel;
  private byte[] current = NOTHING;
  private int position;
  private boolean ended;

  ResponseBody(Channel channel) {
    this.channel = channel;
  }

  void deliver(byte[] bytes) {
    arrived.add(new Chunk(bytes, false, null));
  }

  void complete() {
    arrived.add(new Chunk(NOTHING, true, null));
  }

  void fail(IOException failure) {
    arrived.add(new Chunk(NOTHING, true, failure));
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
    if (!advance()) {
      return -1;
    }
    int count = Math.min(length, current.length - position);
    System.arraycopy(current, position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  public int available() {
    return current.length - position;
  }

  /** Makes at least one byte current; false at the end. */
  private boolean advance() throws IOException {
    while (position == current.length) {
      if (ended) {
        return false;
      }
      channel.read();
      Chunk chunk;
      try {
        chunk = arrived.take();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for the control plane", interrupted);
      }
      ended = chunk.last();
      if (chunk.failure() != null) {
        throw chunk.failure();
      }
      current = chunk.bytes();
      position = 0;
    }
    return true;
  }

  @Override
  public void close() {
    ended = true;
    position = current.length;
    channel.close();
  }
}
