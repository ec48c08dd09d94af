package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the end-to-end tests need of the machine; they are skipped with a reason where it lacks. */
public final class Tools {

  private static final List<String> FOLDERS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private Tools() {}

  public static void assumeRoot() throws IOException {
    assumeTrue(isRoot(), "needs root for network namespaces; run the build as root");
  }

  /** For conditions of test classes. */
  static boolean isRoot() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("Uid:"))
        .anyMatch(line -> line.split("\\s+")[2].equals("0"));
  }

  public static void assumeInstalled(String... programs) {
    for (String program : programs) {
      assumeTrue(isInstalled(program), program + " is not installed");
    }
  }

  /** Continuous integration has installed it: there its absence is a failure. */
  static void assumeInstalledOrCi(String program) {
    if ("true".equals(System.getenv("CI"))) {
      assertThat(isInstalled(program)).as(program + " is installed, as CI=true demands").isTrue();
    }
    assumeInstalled(program);
  }

  private static boolean isInstalled(String program) {
    return FOLDERS.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
