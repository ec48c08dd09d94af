package io.podwire.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.testkit.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
  @TempDir Path folder;

  private Path program(String name, String script) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void shouldTakeThePropertyBeforeTheVariableBeforeTheClassPath() throws IOException {
    Path first = program("first", "");
    Path second = program("second", "");
    Path third = program("third", "");

    assertThat(Launcher.find(first.toString(), second.toString(), () -> third).program())
        .isEqualTo(first);
    assertThat(Launcher.find(null, second.toString(), () -> third).program()).isEqualTo(second);
    assertThat(Launcher.find("", null, () -> third).program()).isEqualTo(third);
  }

  @Test
  void shouldNameTheLauncherThatIsNone() {
    assertThatThrownBy(() -> Launcher.find("/nowhere/podwire", null, () -> Path.of("unused")))
        .hasMessageContaining("system property podwire.launcher: /nowhere/podwire is no program");
  }

  @Test
  void shouldPassOnWhyAClusterDoesNotStartAndLeaveNothing() throws IOException {
    Path program =
        program(
            "podwire",
            """
            echo "$PODWIRE_HOME" >%s/home
            [ "$1" = up ] || exit 0
            echo 'podwire: no Java found, 25 needed.' >&2
            exit 1
            """
                .formatted(folder));

    assertThatThrownBy(() -> ClusterProcess.start(new Launcher(program), Topology.nodes(1)))
        .hasMessage("the cluster did not start: no Java found, 25 needed.");
    assertThat(Path.of(Files.readString(folder.resolve("home")).strip())).doesNotExist();
  }
}
