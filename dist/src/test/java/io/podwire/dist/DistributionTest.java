package io.podwire.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionTest {
  private static final String NAME = "1.0-0123456789ab";

  @TempDir Path scratch;

  private static ProgramArchive archive() {
    byte[] zip = zip(Map.of("bin/podwire", "#!/bin/sh\necho started\n", "lib/a.jar", "a"));
    return new ProgramArchive(NAME, () -> new ByteArrayInputStream(zip));
  }

  private static byte[] zip(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes());
        zip.closeEntry();
      }
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.toByteArray();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void shouldUnpackAFolderWhoseLauncherRuns() throws Exception {
    Path folder = archive().unpackedBelow(scratch.resolve("a/b"));

    assertThat(folder).isEqualTo(scratch.resolve("a/b").resolve(NAME));
    assertThat(folder.resolve("lib/a.jar")).hasContent("a");
    Process process = new ProcessBuilder(folder.resolve("bin/podwire").toString()).start();
    assertThat(process.getInputStream()).hasContent("started\n");
    assertThat(names(scratch.resolve("a/b"))).containsExactly(NAME);
    assertThat(Files.getPosixFilePermissions(folder))
        .isEqualTo(Files.getPosixFilePermissions(folder.resolve("lib")));
  }

  @Test
  void shouldUnpackOnce() {
    Path folder = archive().unpackedBelow(scratch);
    ProgramArchive again =
        new ProgramArchive(
            NAME,
            () -> {
              throw new AssertionError("opened again");
            });

    assertThat(again.unpackedBelow(scratch)).isEqualTo(folder);
  }

  @Test
  void shouldUnpackForManyAtOnce() throws Exception {
    int many = 8;
    CyclicBarrier start = new CyclicBarrier(many);
    ExecutorService threads = Executors.newFixedThreadPool(many);
    try {
      for (int round = 0; round < 20; round++) {
        Path cache = scratch.resolve("round-" + round);
        List<Future<Path>> folders = new ArrayList<>();
        for (int i = 0; i < many; i++) {
          folders.add(
              threads.submit(() -> {
                start.await();
                return archive().unpackedBelow(cache);
              }));
        }
        for (Future<Path> folder : folders) {
          assertThat(folder.get().resolve("lib/a.jar")).hasContent("a");
        }
        assertThat(names(cache)).containsExactly(NAME);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void shouldLeaveNothingWhereTheDiskIsFull() throws Exception {
    byte[] zip = zip(Map.of("bin/podwire", "x".repeat(100_000)));
    InputStream full =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("No space left on device");
          }
        };
    ProgramArchive broken =
        new ProgramArchive(
            NAME,
            () -> new SequenceInputStream(new ByteArrayInputStream(zip, 0, zip.length / 2), full));

    assertThatThrownBy(() -> broken.unpackedBelow(scratch))
        .isInstanceOf(DistributionUnavailable.class)
        .hasMessageContainingAll(scratch.resolve(NAME).toString(), "No space left", "PODWIRE_DIST");
    assertThat(names(scratch)).isEmpty();
  }

  @Test
  void shouldTellOfAFolderThatCannotBeMade() throws Exception {
    Path file = Files.createFile(scratch.resolve("file"));

    assertThatThrownBy(() -> archive().unpackedBelow(file.resolve("below")))
        .isInstanceOf(DistributionUnavailable.class)
        .hasMessageContainingAll(file.toString(), "Not a directory", "Set PODWIRE_DIST");
  }

  @Test
  void shouldNotWriteOutsideItsFolder() throws Exception {
    byte[] zip = zip(Map.of("../evil", "x"));
    ProgramArchive evil = new ProgramArchive(NAME, () -> new ByteArrayInputStream(zip));

    assertThatThrownBy(() -> evil.unpackedBelow(scratch.resolve("cache")))
        .hasMessageContaining("the archive holds ../evil");
    assertThat(names(scratch.resolve("cache"))).isEmpty();
  }

  @Test
  void shouldRemoveWhatAKilledJvmLeftAnHourAgo() throws Exception {
    Path old = Files.createDirectories(scratch.resolve(".unpacking-1/lib")).getParent();
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    Files.createDirectories(scratch.resolve(".unpacking-2/lib"));

    archive().unpackedBelow(scratch);

    assertThat(names(scratch)).containsExactly(".unpacking-2", NAME);
  }

  @Test
  void shouldTakeAPodwireThatIsThere() throws Exception {
    Path release = Files.createDirectories(scratch.resolve("release/bin")).resolve("podwire");
    Path source = Files.createDirectories(scratch.resolve("source")).resolve("podwire");
    Files.createFile(release);
    Files.createFile(source);

    assertThat(launcherOf("release")).isEqualTo(release);
    assertThat(launcherOf("source")).isEqualTo(source);
  }

  private Path launcherOf(String folder) {
    return Distribution.launcher(Map.of("PODWIRE_DIST", scratch.resolve(folder).toString()));
  }

  @Test
  void shouldUnpackIntoTheUsersCache() {
    assertThat(Distribution.cache(Map.of("HOME", "/home/a"))).hasToString("/home/a/.cache/podwire");
    assertThat(Distribution.cache(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "/c")))
        .hasToString("/c/podwire");
    assertThat(Distribution.cache(Map.of("HOME", "/home/a", "XDG_CACHE_HOME", "c")))
        .hasToString("/home/a/.cache/podwire");
    assertThat(Distribution.cache(Map.of("XDG_CACHE_HOME", "/c", "PODWIRE_DIST", "/d")))
        .hasToString("/d");
    assertThat(Distribution.cache(Map.of())).isAbsolute();
  }
}
