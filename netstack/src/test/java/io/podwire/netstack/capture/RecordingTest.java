package io.podwire.netstack.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.impair.Direction;
import io.podwire.packet.filter.CaptureFilter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RecordingTest {

  private static final ByteBuffer OCTETS = ByteBuffer.allocate(2000);

  private static Recording recording(int capacity) {
    return new Recording(CaptureFilter.ALL, 1500, capacity, () -> {});
  }

  private static void add(Recording recording, long nanos, int length) {
    recording.add(Direction.EGRESS, nanos, OCTETS, 0, length);
  }

  private static List<Long> times(Recording recording) {
    List<Long> times = new ArrayList<>();
    recording.read(
        (direction, nanos, length, missed, comment, buffer, offset, captured) -> times.add(nanos));
    return times;
  }

  @Test
  void shouldLosePacketsWhereTheReaderIsSlowAndCountThem() {
    Recording recording = recording(1024);
    for (int i = 0; i < 30; i++) {
      add(recording, i, 60);
      recording.publish();
    }
    List<Long> first = times(recording);
    add(recording, 30, 60);
    recording.publish();

    assertThat(first).isNotEmpty().hasSizeLessThan(30).startsWith(0L, 1L);
    assertThat(recording.missed()).isEqualTo(30 - first.size());
    recording.read((direction, nanos, length, missed, comment, buffer, offset, captured) -> {
      assertThat(nanos).isEqualTo(30);
      assertThat(missed).isEqualTo(30 - first.size());
      return true;
    });
  }

  @Test
  void shouldKeepWhatIsNotPublishedToItself() {
    Recording recording = recording(4096);
    add(recording, 1, 60);
    assertThat(recording.isReadable()).isFalse();
    recording.publish();
    assertThat(recording.isReadable()).isTrue();
    assertThat(times(recording)).containsExactly(1L);
  }

  @Test
  void shouldStopWhereTheReaderHasEnough() {
    Recording recording = recording(4096);
    add(recording, 1, 60);
    add(recording, 2, 60);
    recording.publish();
    recording.read((direction, nanos, length, missed, comment, buffer, offset, captured) -> false);
    assertThat(times(recording)).containsExactly(2L);
  }

  @Test
  void shouldCutToTheSnapLength() {
    Recording recording = recording(4096);
    add(recording, 1, 1800);
    recording.publish();
    recording.read((direction, nanos, length, missed, comment, buffer, offset, captured) -> {
      assertThat(length).isEqualTo(1800);
      assertThat(captured).isEqualTo(1500);
      return true;
    });
    assertThat(recording.isReadable()).isFalse();
  }

  @Test
  void shouldHandEverythingOverInOrderBetweenThreads() throws InterruptedException {
    Recording recording = recording(1 << 14);
    int count = 200_000;
    AtomicBoolean done = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              SplittableRandom random = new SplittableRandom(1);
              for (int i = 0; i < count; i++) {
                add(recording, i, 14 + random.nextInt(1486));
                recording.publish();
              }
              done.set(true);
            });
    List<Long> times = new ArrayList<>();
    while (!done.get() || recording.isReadable()) {
      times.addAll(times(recording));
    }
    writer.join();

    assertThat(times).isSorted().doesNotHaveDuplicates();
    assertThat(times.size() + recording.missed()).isEqualTo(count);
  }
}
