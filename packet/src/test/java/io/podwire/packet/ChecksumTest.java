package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChecksumTest {

  @Test
  void shouldSumTheExampleOfRfc1071() {
    ByteBuffer data = ByteBuffer.wrap(HexFormat.of().parseHex("0001f203f4f5f6f7"));

    assertThat(Checksum.fold(Checksum.sum(data, 0, 8))).isEqualTo(0xddf2);
    assertThat(Checksum.of(data, 0, 8)).isEqualTo(0x220d);
  }

  @Test
  void shouldUpdateTheExampleOfRfc1624() {
    // Section 4: equation 2 would give 0xffff here, equation 3 gives the right 0x0000.
    assertThat(Checksum.update(0xdd2f, 0x5555, 0x3285)).isEqualTo(0x0000);
  }

  @Test
  void shouldAgreeWithAWordByWordSumAtAnyAlignmentAndLength() {
    qt().forAll(longs().all(), integers().between(0, 9), integers().between(0, 300))
        .check((seed, offset, length) -> {
          ByteBuffer data = random(seed, offset + length);
          int expected = wordByWord(data, offset, length);
          ByteBuffer direct = ByteBuffer.allocateDirect(data.capacity());
          direct.put(0, data, 0, data.capacity());
          return Checksum.fold(Checksum.sum(data, offset, length)) == expected
              && Checksum.fold(Checksum.sum(direct, offset, length)) == expected;
        });
  }

  @Test
  void shouldNotLoseCarriesOfAllOnes() {
    ByteBuffer ones = RoundTrip.dirtyBuffer(65535);

    for (int length : new int[] {1, 2, 7, 8, 31, 32, 33, 1500, 65535}) {
      assertThat(Checksum.fold(Checksum.sum(ones, 0, length)))
          .as("length " + length)
          .isEqualTo(wordByWord(ones, 0, length));
    }
  }

  @Test
  void shouldAddUpFromPartsOfEvenLength() {
    qt().forAll(longs().all(), integers().between(0, 100), integers().between(0, 99))
        .check((seed, words, rest) -> {
          ByteBuffer data = random(seed, 2 * words + rest);
          long parts = Checksum.sum(data, 0, 2 * words) + Checksum.sum(data, 2 * words, rest);
          return Checksum.fold(parts) == wordByWord(data, 0, 2 * words + rest);
        });
  }

  @Test
  void shouldUpdateAWordToWhatAFullSumGives() {
    qt().forAll(longs().all(), integers().between(0, 31), integers().between(0, 0xffff))
        .check((seed, word, value) -> {
          ByteBuffer data = nonZero(seed);
          int before = Checksum.of(data, 0, 64);
          int old = data.getShort(2 * word) & 0xffff;
          data.putShort(2 * word, (short) (int) value);
          return Checksum.update(before, old, value) == Checksum.of(data, 0, 64);
        });
  }

  @Test
  void shouldUpdateAnIpv4AddressToWhatAFullSumGives() {
    qt().forAll(longs().all(), integers().all())
        .check((seed, value) -> {
          ByteBuffer data = nonZero(seed);
          int before = Checksum.of(data, 0, 64);
          int old = data.getInt(12);
          data.putInt(12, value);
          return Checksum.updateInt(before, old, value) == Checksum.of(data, 0, 64);
        });
  }

  @Test
  void shouldUpdateAnIpv6AddressToWhatAFullSumGives() {
    qt().forAll(longs().all(), longs().all(), longs().all())
        .check((seed, high, low) -> {
          ByteBuffer data = nonZero(seed);
          int before = Checksum.of(data, 0, 64);
          long oldHigh = data.getLong(8);
          long oldLow = data.getLong(16);
          data.putLong(8, high).putLong(16, low);
          int full = Checksum.of(data, 0, 64);
          int inHalves =
              Checksum.updateLong(Checksum.updateLong(before, oldHigh, high), oldLow, low);
          return Checksum.updateAddress(before, oldHigh, oldLow, high, low) == full
              && inHalves == full;
        });
  }

  @Test
  void shouldSumPseudoHeadersAsIfTheyWereWrittenOut() {
    qt().forAll(integers().all(), integers().all(), integers().between(0, 0xffff))
        .check((source, destination, length) -> {
          ByteBuffer header =
              ByteBuffer.allocate(12)
                  .putInt(source)
                  .putInt(destination)
                  .putShort((short) IpProtocol.UDP)
                  .putShort((short) (int) length);
          return Checksum.fold(Checksum.pseudoHeader(source, destination, IpProtocol.UDP, length))
              == wordByWord(header, 0, 12);
        });
    qt().forAll(longs().all(), longs().all(), longs().all(), longs().all())
        .check((sourceHigh, sourceLow, destinationHigh, destinationLow) -> {
          ByteBuffer header =
              ByteBuffer.allocate(40)
                  .putLong(sourceHigh)
                  .putLong(sourceLow)
                  .putLong(destinationHigh)
                  .putLong(destinationLow)
                  .putInt(1280)
                  .putInt(IpProtocol.TCP);
          long sum =
              Checksum.pseudoHeader(
                  sourceHigh, sourceLow, destinationHigh, destinationLow, IpProtocol.TCP, 1280);
          return Checksum.fold(sum) == wordByWord(header, 0, 40);
        });
  }

  @Test
  void shouldCompleteWhatWasLeftToTheDevice() {
    CapturedFrame frame = CapturedFrame.named("tcp-data");
    TcpView tcp = frame.tcp();
    int expected = tcp.checksum();
    tcp.setChecksum(Checksum.fold(frame.ipv4().pseudoHeader()));

    Checksum.complete(
        frame.buffer(),
        tcp.offset(),
        tcp.offset() + tcp.length(),
        tcp.offset() + TcpView.CHECKSUM_OFFSET);

    assertThat(tcp.checksum()).isEqualTo(expected);
  }

  @Test
  void shouldCompleteAZeroAsAllOnes() {
    ByteBuffer data = ByteBuffer.allocate(4).putShort(0, (short) 0xffff);

    Checksum.complete(data, 0, 4, 2);

    assertThat(data.getShort(2) & 0xffff).isEqualTo(0xffff);
  }

  /** The definition, as plainly as it can be written. */
  private static int wordByWord(ByteBuffer data, int offset, int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      int octet = data.get(offset + i) & 0xff;
      sum += i % 2 == 0 ? octet << 8 : octet;
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }

  private static ByteBuffer random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** Headers are never all zeros, where one's complement has two zeros to choose from. */
  private static ByteBuffer nonZero(long seed) {
    return random(seed, 64).putShort(62, (short) 1);
  }
}
