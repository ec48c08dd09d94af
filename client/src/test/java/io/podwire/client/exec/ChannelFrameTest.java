package io.podwire.client.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.strings;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class ChannelFrameTest {
  @Test
  void shouldPutTheChannelBeforeThePayload() {
    byte[] input = {'h', 'i', '!', 0, 0};

    assertThat(bytes(ChannelFrame.stdin(input, 3))).containsExactly(0, 'h', 'i', '!');
    assertThat(bytes(ChannelFrame.stdinClosed())).containsExactly(255, 0);
    assertThat(new String(bytes(ChannelFrame.resize(80, 24)), UTF_8))
        .isEqualTo("\u0004{\"Width\":80,\"Height\":24}");
  }

  @Test
  void shouldReadBackWhatItWrites() {
    qt().forAll(
            arbitrary().enumValues(ExecChannel.class),
            strings().allPossible().ofLengthBetween(0, 50))
        .checkAssert((channel, text) -> {
          ChannelFrame frame = new ChannelFrame(channel, text.getBytes(UTF_8));
          assertThat(ChannelFrame.decode(frame.encode())).contains(frame);
        });
  }

  @Test
  void shouldIgnoreEmptyMessagesAndUnknownChannels() {
    assertThat(ChannelFrame.decode(Unpooled.EMPTY_BUFFER)).isEmpty();
    assertThat(ChannelFrame.decode(Unpooled.wrappedBuffer(new byte[] {17, 1, 2}))).isEmpty();
  }

  private static byte[] bytes(ChannelFrame frame) {
    return ByteBufUtil.getBytes(frame.encode());
  }
}
