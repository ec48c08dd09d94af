package io.podwire.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterRecordTest {
  @TempDir Path folder;

  @Test
  void shouldReadBackWhatItWrites() {
    Path file = folder.resolve("cluster.json");
    assertThat(ClusterRecord.read(file)).isEmpty();
    ClusterRecord record =
        new ClusterRecord(
            ClusterRecord.Phase.STARTING, "2026-03-01T12:00:00Z", List.of("node-1"), true);

    record.with(ClusterRecord.Phase.RUNNING).write(file);

    assertThat(ClusterRecord.read(file)).contains(record.with(ClusterRecord.Phase.RUNNING));
    assertThat(record.daemons()).containsExactly("control-plane", "node-1", "outside-dns");
  }

  @Test
  void shouldTakeATornFileForAStartThatDidNotEnd() throws IOException {
    Path file = Files.writeString(folder.resolve("cluster.json"), "{\"pha");

    assertThat(ClusterRecord.read(file).map(ClusterRecord::phase))
        .contains(ClusterRecord.Phase.STARTING);
  }
}
