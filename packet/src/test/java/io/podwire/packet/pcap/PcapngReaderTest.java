package io.podwire.packet.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.packet.pcap.PcapngReader.Block;
import io.podwire.packet.pcap.PcapngWriter.Passage;
import io.podwire.packet.pcap.PcapngWriter.Way;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PcapngReaderTest {

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();

  @Test
  void shouldReadWhatTheWriterWrites() throws IOException {
    PcapngWriter writer = new PcapngWriter(Channels.newChannel(file), "podwire");
    writer.addInterface("eth0", 96);
    Passage plain = new Passage(1, 5, Way.UNKNOWN, 0, "");
    Passage full = new Passage(Long.MAX_VALUE, 9000, Way.INBOUND, 7, "dropped: é");
    writer.packet(0, plain, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}), 0, 5);
    writer.packet(0, full, ByteBuffer.wrap(new byte[8000]), 0, 8000);
    writer.statistics(0, 5, 9, 7, "gone");

    PcapngReader reader = new PcapngReader(new ByteArrayInputStream(file.toByteArray()));

    assertThat(reader.next()).isEqualTo(Block.OTHER);
    assertThat(reader.next()).isEqualTo(Block.OTHER);
    assertThat(reader.next()).isEqualTo(Block.PACKET);
    assertThat(reader.passage()).isEqualTo(plain);
    assertThat(reader.captured()).isEqualTo(5);
    assertThat(reader.block().get(reader.packetOffset() + 4)).isEqualTo((byte) 5);
    assertThat(reader.next()).isEqualTo(Block.PACKET);
    assertThat(reader.passage()).isEqualTo(full);
    assertThat(reader.captured()).isEqualTo(8000);
    assertThat(reader.next()).isEqualTo(Block.STATISTICS);
    assertThat(reader.received()).isEqualTo(9);
    assertThat(reader.dropped()).isEqualTo(7);
    assertThat(reader.comment()).isEqualTo("gone");
    assertThat(reader.next()).isEqualTo(Block.END);
  }

  @Test
  void shouldRefuseWhatIsCutOffOrNoCapture() throws IOException {
    PcapngWriter writer = new PcapngWriter(Channels.newChannel(file), "podwire");
    writer.addInterface("eth0");
    PcapngReader cut =
        new PcapngReader(new ByteArrayInputStream(file.toByteArray(), 0, file.size() - 1));
    cut.next();
    assertThatThrownBy(cut::next).isInstanceOf(EOFException.class);
    assertThatThrownBy(
            new PcapngReader(new ByteArrayInputStream("not found".getBytes(StandardCharsets.UTF_8)))
                ::next)
        .isInstanceOf(IOException.class)
        .hasMessage("this is no big-endian pcapng capture");
  }
}
