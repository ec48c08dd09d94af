package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The programs of a local cluster. */
final class Processes {

  private Processes() {}

  /** Kills a program of this cluster, found by its main class and a word of its command line. */
  static void kill(PodwireCommand podwire, String mainClass, String word) throws IOException {
    int killed = 0;
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(path -> Files.exists(path.resolve("cmdline"))).toList()) {
        String commandLine;
        try {
          commandLine = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
          continue;
        }
        boolean java =
            commandLine.substring(0, Math.max(0, commandLine.indexOf('\0'))).endsWith("java");
        if (java
            && commandLine.contains(mainClass)
            && commandLine.contains(word)
            && commandLine.contains(podwire.home().toString())) {
          ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
              .orElseThrow()
              .destroyForcibly();
          killed++;
        }
      }
    }
    assertThat(killed).as("processes of " + mainClass).isEqualTo(1);
  }
}
