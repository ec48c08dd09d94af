package io.podwire.netstack.service.maglev;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.service.Backend;
import io.podwire.netstack.service.Chances;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaglevTableTest {

  private static final int SEED = 7;

  private static List<Backend> backends(int... weights) {
    List<Backend> backends = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      IpAddress address = IpAddress.parse("10.244." + i / 200 + "." + (2 + i % 200));
      backends.add(new Backend(address, 8080, weights[i]));
    }
    return backends;
  }

  private static List<Backend> equal(int count) {
    int[] weights = new int[count];
    Arrays.fill(weights, 1);
    return backends(weights);
  }

  private static MaglevTable table(List<Backend> backends) {
    return new MaglevTable(backends, IpProtocol.TCP, SEED);
  }

  /** Values of the reference implementation's own test suite and of its ports. */
  @Test
  void shouldHashAsMurmur3Does() {
    long[] hello = Murmur3.hash("hello".getBytes(StandardCharsets.US_ASCII), 0);
    assertThat(Long.toHexString(hello[0])).isEqualTo("cbd8a7b341bd9b02");
    assertThat(Long.toHexString(hello[1])).isEqualTo("5b1e906a48ae1d19");
    long[] fox =
        Murmur3.hash(
            "The quick brown fox jumps over the lazy dog.".getBytes(StandardCharsets.US_ASCII), 0);
    assertThat(Long.toHexString(fox[0])).isEqualTo("cd99481f9ee902c9");
    assertThat(Long.toHexString(fox[1])).isEqualTo("695da1a38987b6e7");
    assertThat(Murmur3.hash(new byte[0], 0)).containsExactly(0, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 100, 300})
  void shouldGiveEveryBackendTheSameShare(int count) {
    int[] shares = table(equal(count)).shares(count);
    int least = MaglevTable.PLACES / count;
    for (int share : shares) {
      assertThat(share).isBetween(least, least + 1);
    }
  }

  @Test
  void shouldGiveSharesByWeightAndNothingWithoutOne() {
    int[] shares = table(backends(1, 2, 5, 0, 8)).shares(5);
    for (int i = 0; i < shares.length; i++) {
      double expected = MaglevTable.PLACES * new int[] {1, 2, 5, 0, 8}[i] / 16.0;
      assertThat((double) shares[i]).isBetween(expected * 0.98 - 1, expected * 1.02 + 1);
    }
    assertThat(table(backends(0, 0)).lookup(5)).isEqualTo(-1);
    assertThat(table(List.of()).lookup(5)).isEqualTo(-1);
  }

  @Test
  void shouldNotDependOnTheOrderOfTheBackends() {
    List<Backend> backends = equal(20);
    List<Backend> shuffled = new ArrayList<>(backends);
    Collections.shuffle(shuffled, new Random(3));
    MaglevTable one = table(backends);
    MaglevTable other = table(shuffled);
    for (int place = 0; place < MaglevTable.PLACES; place++) {
      assertThat(backends.get(one.at(place))).isEqualTo(shuffled.get(other.at(place)));
    }
  }

  /** Places of those that stay which change hands, over all; what the leaver had has to move. */
  private static double disruption(List<Backend> before, List<Backend> after) {
    MaglevTable old = table(before);
    MaglevTable young = table(after);
    int moved = 0;
    for (int place = 0; place < MaglevTable.PLACES; place++) {
      Backend had = before.get(old.at(place));
      if (after.contains(had) && !had.equals(after.get(young.at(place)))) {
        moved++;
      }
    }
    return (double) moved / MaglevTable.PLACES;
  }

  /** It grows with the number of backends: a table of 16,381 places is large for few of them. */
  @ParameterizedTest
  @CsvSource({"3, 0.01", "10, 0.01", "40, 0.01", "160, 0.02"})
  void shouldMoveLittleBeyondWhatABackendThatLeavesHad(int count, double most) {
    List<Backend> before = equal(count);
    double sum = 0;
    int leaving = Math.min(count, 20);
    for (int gone = 0; gone < leaving; gone++) {
      List<Backend> after = new ArrayList<>(before);
      after.remove(gone * count / leaving);
      sum += disruption(before, after);
    }
    assertThat(sum / leaving).isLessThan(most);
  }

  @Test
  void shouldSpreadFlowsEvenly() {
    MaglevTable table = table(equal(8));
    int[] counts = new int[8];
    Random random = new Random(11);
    for (int flow = 0; flow < 40_000; flow++) {
      int hash = JenkinsHash.of(0x0af4_0102 + random.nextInt(200), 80 << 16 | 1024 + flow, 6, 0);
      counts[table.lookup(hash)]++;
    }
    Chances.expectShares(counts, 1, 1, 1, 1, 1, 1, 1, 1);
  }
}
