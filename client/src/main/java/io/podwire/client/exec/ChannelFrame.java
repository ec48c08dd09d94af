package io.podwire.client.exec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * One message of the WebSocket subprotocol v5.channel.k8s.io: a channel's byte and its payload.
 *
 * @param payload not copied; the frame is used once
 */
record ChannelFrame(ExecChannel channel, byte[] payload) {

  static ChannelFrame stdin(byte[] bytes, int length) {
    return new ChannelFrame(ExecChannel.STDIN, Arrays.copyOf(bytes, length));
  }

  static ChannelFrame stdinClosed() {
    return new ChannelFrame(ExecChannel.CLOSE, new byte[] {ExecChannel.STDIN.code()});
  }

  static ChannelFrame resize(int columns, int rows) {
    String json = "{\"Width\":" + columns + ",\"Height\":" + rows + "}";
    return new ChannelFrame(ExecChannel.RESIZE, json.getBytes(StandardCharsets.UTF_8));
  }

  ByteBuf encode() {
    return Unpooled.wrappedBuffer(new byte[] {channel.code()}, payload);
  }

  /** Reads a message; empty where its channel is unknown or it has no byte at all. */
  static Optional<ChannelFrame> decode(ByteBuf message) {
    if (!message.isReadable()) {
      return Optional.empty();
    }
    byte code = message.getByte(message.readerIndex());
    for (ExecChannel channel : ExecChannel.values()) {
      if (channel.code() == code) {
        int length = message.readableBytes() - 1;
        byte[] payload = ByteBufUtil.getBytes(message, message.readerIndex() + 1, length);
        return Optional.of(new ChannelFrame(channel, payload));
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelFrame frame
        && frame.channel == channel
        && Arrays.equals(frame.payload, payload);
  }

  @Override
  public int hashCode() {
    return 31 * channel.hashCode() + Arrays.hashCode(payload);
  }

  @Override
  public String toString() {
    return channel + "[" + payload.length + "]";
  }
}
