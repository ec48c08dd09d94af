package io.podwire.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The artifact itself: three JVMs that want its programs at once, and the command. */
class DistributionIT {
  @TempDir Path scratch;

  /** What each of the JVMs runs. */
  public static void main(String[] args) {
    System.out.println(Distribution.launcher());
  }

  private Process start(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(Distribution.LOCATION, scratch.toString());
    return builder.redirectErrorStream(true).start();
  }

  @Test
  void shouldUnpackOnceForThreeJvmsAndRun() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    List<Process> jvms = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      jvms.add(start(List.of(java, "-cp", classPath, DistributionIT.class.getName())));
    }
    Set<String> told = new HashSet<>();
    for (Process jvm : jvms) {
      told.add(new String(jvm.getInputStream().readAllBytes()).strip());
      assertThat(jvm.waitFor()).as("%s", told).isZero();
    }

    assertThat(told).hasSize(1);
    String launcher = told.iterator().next();
    try (Stream<Path> folders = Files.list(scratch)) {
      assertThat(folders).containsExactly(Path.of(launcher, "..", "..").normalize());
    }
    Process version = start(List.of(launcher, "--version"));
    assertThat(new String(version.getInputStream().readAllBytes())).matches("podwire \\d.*\n");
    assertThat(version.waitFor()).isZero();
  }
}
