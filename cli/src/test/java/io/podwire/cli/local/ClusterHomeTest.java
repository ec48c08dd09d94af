package io.podwire.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterHomeTest {
  @Test
  void shouldLieInTheUsersHomeUnlessToldOtherwise() {
    assertThat(ClusterHome.of("a", Map.of("HOME", "/home/me")).socket())
        .isEqualTo(Path.of("/home/me/.podwire/clusters/a/api.sock"));
    assertThat(ClusterHome.of("a", Map.of("HOME", "/home/me", "PODWIRE_HOME", "/srv/p")).folder())
        .isEqualTo(Path.of("/srv/p/clusters/a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a_b", "../x", "-a", "a-", "a/b"})
  void shouldRefuseNamesThatAreNoFolderOrHostName(String name) {
    assertThatThrownBy(() -> ClusterHome.of(name, Map.of()))
        .hasMessageStartingWith("--name \"" + name + "\" is no cluster name");
  }

  @Test
  void shouldRefusePathsThatNoSocketCanHave() {
    assertThatThrownBy(() -> ClusterHome.of("a", Map.of("PODWIRE_HOME", "/" + "x".repeat(100))))
        .hasMessageContaining("set PODWIRE_HOME to a shorter folder");
  }
}
