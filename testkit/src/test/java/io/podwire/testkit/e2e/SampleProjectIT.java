package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * examples/junit-shop as a user would have it: outside of this build, with the artifacts from a
 * repository, built and run by Maven on Java 17.
 */
class SampleProjectIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path WORK = Path.of("target", "sample").toAbsolutePath();
  private static final String JAVA = "17";

  @BeforeAll
  static void needRoot() throws IOException {
    Tools.assumeRoot();
  }

  /** Continuous integration has one: there its absence is a failure. */
  private static Path java17() throws IOException {
    List<Path> candidates = new ArrayList<>();
    candidates.add(Path.of(required("podwire.maven.java")));
    Path all = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(all)) {
      try (Stream<Path> homes = Files.list(all)) {
        homes.sorted().forEach(candidates::add);
      }
    }
    Optional<Path> found = Optional.empty();
    for (Path home : candidates) {
      if (found.isEmpty() && Files.isExecutable(home.resolve("bin/javac")) && is17(home)) {
        found = Optional.of(home);
      }
    }
    String absent = "a JDK 17 is needed for a user's project; there is none in " + candidates;
    if ("true".equals(System.getenv("CI"))) {
      assertThat(found).as(absent).isPresent();
    }
    assumeTrue(found.isPresent(), absent);
    return found.orElseThrow();
  }

  private static boolean is17(Path home) throws IOException {
    Path release = home.resolve("release");
    return Files.isReadable(release)
        && Files.readString(release).contains("JAVA_VERSION=\"" + JAVA + ".");
  }

  /** What Maven has told of itself. */
  private static String required(String property) {
    return Optional.ofNullable(System.getProperty(property))
        .orElseThrow(() -> new AssertionError(property + " is not set: run this with Maven"));
  }

  @Test
  void shouldRunAgainstTheInstalledArtifactsOnJava17() throws Exception {
    Path java = java17();
    Path project = copy(ROOT.resolve("examples/junit-shop"), WORK.resolve("junit-shop"));
    LocalRepository repository =
        new LocalRepository(ROOT, WORK.resolve("repository"), required("podwire.version"));
    Path settings = repository.settings(Path.of(required("podwire.maven.repository")));

    ProcessBuilder maven =
        new ProcessBuilder(
                Path.of(required("podwire.maven.home"), "bin", "mvn").toString(),
                "-o",
                "-B",
                "-ntp",
                "-s",
                settings.toString(),
                "-Dmaven.repo.local=" + repository.folder(),
                // The repository of the build is one of files, which are there without a network.
                "-Daether.offline.protocols=file",
                "-Drules=dependencyConvergence",
                required("podwire.enforcer") + ":enforce",
                "verify")
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(WORK.resolve("maven.log").toFile());
    maven.environment().put("JAVA_HOME", java.toString());
    maven.environment().put("PODWIRE_DIST", WORK.resolve("programs").toString());
    maven.environment().keySet().removeAll(List.of("PODWIRE_LAUNCHER", "MAVEN_OPTS", "MAVEN_ARGS"));
    Process process = maven.start();
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    String log = Files.readString(WORK.resolve("maven.log"));

    assertThat(process.exitValue()).as(log).isZero();
    assertThat(log).contains("Tests run: 5, Failures: 0, Errors: 0, Skipped: 0");
    String report =
        Files.readString(
            project.resolve("target/surefire-reports/TEST-com.example.shop.ShopClientTest.xml"));
    assertThat(report).containsPattern("name=\"java.version\" value=\"" + JAVA + "[.]");
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (folder.equals(from.resolve("target"))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file, to.resolve(from.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
            return FileVisitResult.CONTINUE;
          }
        });
    return to;
  }
}
