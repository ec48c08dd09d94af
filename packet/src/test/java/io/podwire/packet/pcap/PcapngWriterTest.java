package io.podwire.packet.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.podwire.packet.pcap.PcapngWriter.Passage;
import io.podwire.packet.pcap.PcapngWriter.Way;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PcapngWriterTest {

  private static final long TIME = 1_700_000_000_123_456_789L;

  private static final String SECTION =
      "0a0d0d0a 0000002c 1a2b3c4d 0001 0000 ffffffffffffffff"
          + "0004 0007 706f647769726500" // shb_userappl
          + "0000 0000 0000002c";

  private static final String INTERFACE =
      "00000001 00000028 0001 0000 00000000"
          + "0002 0004 65746830" // if_name
          + "0009 0001 09000000" // if_tsresol
          + "0000 0000 00000028";

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();

  @Test
  void shouldWriteTheBlocksOfTheSpecification() throws IOException {
    PcapngWriter writer = new PcapngWriter(Channels.newChannel(file), "podwire");
    int eth0 = writer.addInterface("eth0");
    ByteBuffer frame = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 4, 5, 9});

    writer.packet(eth0, TIME, frame, 1, 5, "dropped: TTL");

    assertThat(eth0).isZero();
    assertThat(frame.position()).isZero();
    assertThat(hex())
        .isEqualTo(
            digits(
                SECTION
                    + INTERFACE
                    + "00000006 0000003c 00000000 17979cfe 3d85cd15 00000005 00000005"
                    + "0102030405 000000"
                    + "0001 000c 64726f707065643a2054544c" // opt_comment
                    + "0000 0000 0000003c"));
  }

  @Test
  void shouldWriteNoOptionsWithoutAComment() throws IOException {
    PcapngWriter writer = new PcapngWriter(Channels.newChannel(file), "podwire");
    writer.addInterface("eth0");
    file.reset();

    writer.packet(0, 1, ByteBuffer.allocate(4), 0, 4, "");

    assertThat(hex())
        .isEqualTo(
            digits(
                "00000006 00000024 00000000 00000000 00000001 00000004 00000004 00000000"
                    + "00000024"));
  }

  @Test
  void shouldSayWhatIsKnownOfAPacket() throws IOException {
    PcapngWriter writer = new PcapngWriter(Channels.newChannel(file), "podwire");
    file.reset();
    writer.addInterface("eth0", 4);
    ByteBuffer frame = ByteBuffer.wrap(new byte[] {1, 2, 3, 4});

    writer.packet(0, new Passage(TIME, 60, Way.OUTBOUND, 3, "why"), frame, 0, 4);

    assertThat(hex())
        .isEqualTo(
            digits(
                "00000001 00000028 0001 0000 00000004"
                    + "0002 0004 65746830 0009 0001 09000000 0000 0000 00000028"
                    + "00000006 00000044 00000000 17979cfe 3d85cd15 00000004 0000003c"
                    + "01020304"
                    + "0001 0003 77687900"
                    + "0002 0004 00000002" // epb_flags
                    + "0004 0008 0000000000000003" // epb_dropcount
                    + "0000 0000 00000044"));
  }

  @Test
  void shouldEndWithStatistics() throws IOException {
    PcapngWriter writer = new PcapngWriter(Channels.newChannel(file), "podwire");
    writer.addInterface("eth0");
    file.reset();

    writer.statistics(0, TIME, 10, 4, "over");

    assertThat(hex())
        .isEqualTo(
            digits(
                "00000005 0000003c 00000000 17979cfe 3d85cd15"
                    + "0001 0004 6f766572"
                    + "0004 0008 000000000000000a" // isb_ifrecv
                    + "0005 0008 0000000000000004" // isb_ifdrop
                    + "0000 0000 0000003c"));
  }

  @Test
  void shouldNumberInterfacesAndRefuseUnknownOnes() throws IOException {
    PcapngWriter writer = new PcapngWriter(Channels.newChannel(file), "podwire");

    assertThat(writer.addInterface("eth0")).isZero();
    assertThat(writer.addInterface("vxlan")).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.packet(2, 1, ByteBuffer.allocate(4), 0, 4, ""))
        .withMessage("interface must be 0-1 as addInterface returned, got 2");
  }

  @Test
  void shouldWriteAFrameOfAnySizeInOneBlock() throws IOException {
    PcapngWriter writer = new PcapngWriter(Channels.newChannel(file), "podwire");
    writer.addInterface("eth0");
    file.reset();

    writer.packet(0, 1, ByteBuffer.allocate(65550), 1, 65549, "é".repeat(40_000));

    ByteBuffer block = ByteBuffer.wrap(file.toByteArray());
    assertThat(block.getInt(4)).isEqualTo(block.capacity());
    assertThat(block.getInt(block.capacity() - 4)).isEqualTo(block.capacity());
    assertThat(block.getInt(20)).isEqualTo(65549);
  }

  @Test
  void shouldGoOnWhereAChannelTakesOnlyAPart() throws IOException {
    WritableByteChannel narrow =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer source) {
            file.write(source.get());
            return 1;
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };

    new PcapngWriter(narrow, "podwire");

    assertThat(hex()).isEqualTo(digits(SECTION));
  }

  private String hex() {
    return HexFormat.of().formatHex(file.toByteArray());
  }

  private static String digits(String spaced) {
    return spaced.replace(" ", "");
  }
}
