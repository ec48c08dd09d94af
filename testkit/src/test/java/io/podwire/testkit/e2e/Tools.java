package io.podwire.testkit.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the end-to-end tests need of the machine; they are skipped with a reason where it lacks. */
final class Tools {

  private static final List<String> FOLDERS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private Tools() {}

  static void assumeRoot() throws IOException {
    assumeTrue(isRoot(), "needs root for network namespaces; run the build as root");
  }

  /** For conditions of test classes. */
  static boolean isRoot() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("Uid:"))
        .anyMatch(line -> line.split("\\s+")[2].equals("0"));
  }

  static void assumeInstalled(String... programs) {
    for (String program : programs) {
      assumeTrue(
          FOLDERS.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
          program + " is not installed");
    }
  }
}
