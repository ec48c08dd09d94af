package io.podwire.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one launcher where it was unpacked, with a Java that only tells what it was asked for. */
class LauncherTest {
  private static final String JAVA =
      """
      #!/bin/sh
      for word; do echo "$word"; done
      case "$*" in
        *AOTCacheOutput=*) for word; do case $word in -XX:AOTCacheOutput=*) : >"${word#*=}" ;; esac; done ;;
      esac
      """;

  @TempDir Path scratch;

  private Path install = Path.of("");
  private Path cache = Path.of("");

  @BeforeEach
  void install() throws IOException {
    install = scratch.resolve("install");
    cache = install.resolve("cache");
    Files.createDirectories(install.resolve("lib"));
    Files.createFile(install.resolve("lib/b.jar"));
    Files.createFile(install.resolve("lib/a.jar"));
    Files.writeString(install.resolve("built"), "1.0 abc\n");
    java(install.resolve("runtime"));
    Files.createDirectories(install.resolve("bin"));
    Files.copy(Path.of("..", "podwire"), install.resolve("bin/podwire"));
  }

  private static void java(Path home) throws IOException {
    Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(program, JAVA);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
  }

  private record Result(int exitCode, List<String> out, String err) {}

  private Result run(Path launcher, String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(launcher.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("HOME", scratch.resolve("home").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("PODWIRE_NO_BUILD");
    Path err = scratch.resolve("err");
    Process process = builder.redirectError(err.toFile()).start();
    List<String> out = new String(process.getInputStream().readAllBytes()).lines().toList();
    return new Result(process.waitFor(), out, Files.readString(err));
  }

  @Test
  void shouldRunItsOwnRuntimeOnEveryJar() throws Exception {
    Result result = run(install.resolve("bin/podwire"), "get", "pods", "a b");

    String jars = install.resolve("lib/a.jar") + ":" + install.resolve("lib/b.jar");
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsSequence("-cp", jars, "io.podwire.cli.Podwire", "get", "pods", "a b")
        .noneMatch(word -> word.contains("aot/") || word.contains("podwire.caches"));
    assertThat(cache).doesNotExist();
  }

  @Test
  void shouldBeFoundThroughALink() throws Exception {
    Path link =
        Files.createSymbolicLink(scratch.resolve("podwire"), Path.of("install/bin/podwire"));

    assertThat(run(link, "status").out()).contains("status");
  }

  @Test
  void shouldMakeItsCachesBeforeTheFirstClusterAndUseThem() throws Exception {
    assumeThat(System.getProperty("user.name"))
        .as("only root needs no namespace")
        .isEqualTo("root");
    Result first = run(install.resolve("bin/podwire"), "up");
    assertThat(first.err()).contains("Making start caches");
    assertThat(first.out())
        .contains("-Dpodwire.caches=" + cache.resolve("aot"))
        .contains("-XX:AOTCache=" + cache.resolve("aot/cli.aot"));

    assertThat(run(install.resolve("bin/podwire"), "up").err()).isEmpty();

    // A newer Podwire in the same place.
    Files.writeString(install.resolve("built"), "1.1 def\n", StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(run(install.resolve("bin/podwire"), "get").out())
        .noneMatch(word -> word.contains("AOTCache="));
    assertThat(run(install.resolve("bin/podwire"), "up").err()).contains("Making start caches");
  }

  @Test
  void shouldTellOfALauncherThatWasCopiedAway() throws Exception {
    Path copy = Files.copy(install.resolve("bin/podwire"), scratch.resolve("copied"));

    Result result = run(copy, "status");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("neither in Podwire's source tree", "link to bin/podwire");
  }

  /** Runs the launcher below a shell script that has changed what the machine looks like. */
  private Result runAfter(String script) throws Exception {
    assumeThat(System.getProperty("user.name"))
        .as("only root can hide parts of the machine")
        .isEqualTo("root");
    Path changed = scratch.resolve("changed");
    Files.writeString(
        changed, "#!/bin/sh\nset -e\n" + script + " " + install.resolve("bin/podwire") + " up\n");
    Files.setPosixFilePermissions(changed, PosixFilePermissions.fromString("rwxr-xr-x"));
    return run(Path.of("/usr/bin/unshare"), "--mount", changed.toString());
  }

  @Test
  void shouldTellWhichJavaIsTooOld() throws Exception {
    Path old = scratch.resolve("old");
    java(old);
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
    Files.delete(install.resolve("runtime/bin/java"));

    Result result =
        runAfter(
            """
            for folder in /usr/lib/jvm /usr/java /opt; do
              [ ! -d $folder ] || mount -t tmpfs none $folder
            done
            export JAVA_HOME=%s PATH=/usr/bin:/bin
            """
                .formatted(old));

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "podwire: Java 17 in %s found, 25 needed.\n".formatted(old)
                + "  Install a JDK 25 (for example Temurin, https://adoptium.net) or set JAVA_HOME"
                + " to one.\n");
  }

  @Test
  void shouldTellAnOrdinaryUserWhichRightIsMissing() throws Exception {
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    String asNobody = "exec setpriv --reuid 65534 --regid 65534 --clear-groups";

    Result closed =
        runAfter("mount -t tmpfs none /dev/net; mknod -m 600 /dev/net/tun c 10 200; " + asNobody);
    Result missing = runAfter("mount -t tmpfs none /dev/net; " + asNobody);

    assertThat(closed.exitCode()).isEqualTo(1);
    assertThat(closed.err())
        .matches(
            "podwire: /dev/net/tun is not writable by \\S+: sudo chmod 0666 /dev/net/tun,"
                + " or run the same command as root.\n");
    assertThat(missing.err())
        .isEqualTo("podwire: /dev/net/tun is missing: load the module (sudo modprobe tun).\n");
  }
}
