package io.podwire.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePagesTest {

  private static final int SIZE = 1 << 20;

  @TempDir Path folder;

  private static List<FilePages.Range> readOnly(String first, int copied, int swapped) {
    return FilePages.readOnly(
        List.of(
            first,
            "Size:                132 kB",
            "Rss:                  64 kB",
            "Private_Dirty:         0 kB",
            "Anonymous:      %8d kB".formatted(copied),
            "AnonHugePages:         0 kB",
            "Swap:           %8d kB".formatted(swapped),
            "SwapPss:               0 kB",
            "VmFlags: rd mr mw me sd"));
  }

  private static String file(String permissions) {
    return "7f0000001000-7f0000022000 " + permissions + " 00002000 fe:01 77   /usr/lib/a b.so";
  }

  @Test
  void shouldTakeFilesThatAreOnlyRead() {
    assertThat(readOnly(file("r-xp"), 0, 0))
        .containsExactly(new FilePages.Range(0x7f0000001000L, 0x7f0000022000L, 64));
    assertThat(readOnly(file("r--p"), 0, 0)).hasSize(1);
    assertThat(readOnly(file("r--s"), 0, 0)).hasSize(1);
  }

  @Test
  void shouldLeaveWhatWouldBeLost() {
    assertThat(readOnly(file("rw-p"), 0, 0)).isEmpty();
    assertThat(readOnly(file("r--p"), 4, 0)).as("written, then protected").isEmpty();
    assertThat(readOnly(file("r--p"), 0, 4)).as("the same, swapped out").isEmpty();
    assertThat(readOnly("7f0000001000-7f0000022000 r-xp 00000000 00:00 0 ", 0, 0)).isEmpty();
    assertThat(readOnly("7ffe00001000-7ffe00003000 r-xp 00000000 00:00 0   [vdso]", 0, 0))
        .isEmpty();
  }

  @Test
  void shouldNotTakeAMappingOfWhichTheKernelSaysTooLittle() {
    assertThat(FilePages.readOnly(List.of(file("r--p"), "Rss: 64 kB", "Anonymous: 0 kB")))
        .isEmpty();
  }

  @Test
  void shouldGiveBackWhatComesBackWhenItIsRead() throws Exception {
    byte[] content = new byte[SIZE];
    content[SIZE - 1] = 42;
    Path file = Files.write(folder.resolve("mapped"), content);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, SIZE);
      mapped.load();

      assertThat(FilePages.release()).isGreaterThanOrEqualTo(SIZE);

      assertThat(resident(file)).isZero();
      assertThat(mapped.get(SIZE - 1)).isEqualTo((byte) 42);
      assertThat(resident(file)).isPositive();
    }
  }

  private static long resident(Path file) throws Exception {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
    int first = 0;
    while (!lines.get(first).endsWith(file.toString())) {
      first++;
    }
    return lines.subList(first, lines.size()).stream()
        .filter(line -> line.startsWith("Rss:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
