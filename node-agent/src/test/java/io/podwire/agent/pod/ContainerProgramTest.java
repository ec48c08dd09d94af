package io.podwire.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.cluster.model.Container;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerProgramTest {

  private static final BuiltInImages IMAGES = BuiltInImages.onClasspath("/lib/a.jar:/lib/b.jar");
  private static final Path FIFO = Path.of("/state/pause");

  private static Container container(String image, List<String> command, List<String> args) {
    return new Container("main", image, command, args, Map.of("PORT", "8080"), "", List.of(), null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "podwire/agnhost",
        "podwire/agnhost:2.53",
        "docker.io/podwire/agnhost:latest",
        "localhost:5000/podwire/agnhost",
        "podwire/agnhost@sha256:0123"
      })
  void shouldRunBuiltInImagesFromOurRuntime(String image) {
    ContainerProgram program =
        ContainerProgram.of(
            container(image, List.of(), List.of("netexec", "--http-port=$(PORT)")),
            "web",
            IMAGES,
            FIFO);

    assertThat(program.command().getFirst()).endsWith("/bin/java");
    assertThat(program.command())
        .containsSubsequence(
            "-cp",
            "/lib/a.jar:/lib/b.jar",
            "io.podwire.agnhost.Agnhost",
            "netexec",
            "--http-port=8080");
    assertThat(program.environment()).containsEntry("HOSTNAME", "web").containsKeys("PATH", "HOME");
  }

  @Test
  void shouldLetTheTestServerWaitWhereNothingSaysWhatItIsToDo() {
    assertThat(
            ContainerProgram.of(
                    container("podwire/agnhost", List.of(), List.of()), "web", IMAGES, FIFO)
                .command())
        .endsWith("io.podwire.agnhost.Agnhost", "pause");
  }

  @Test
  void shouldTakeAnyImageNameWhereThereIsACommand() {
    ContainerProgram program =
        ContainerProgram.of(
            container("nginx", List.of("python3", "-m"), List.of("http.server", "$(PORT)")),
            "web",
            IMAGES,
            FIFO);

    assertThat(program.command()).containsExactly("python3", "-m", "http.server", "8080");
  }

  @Test
  void shouldLetThePauseImageWaitOnItsFifo() {
    assertThat(
            ContainerProgram.of(
                    container("podwire/pause", List.of(), List.of()), "web", IMAGES, FIFO)
                .command())
        .startsWith("/bin/sh", "-c")
        .endsWith("/state/pause");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx", "mypodwire/agnhost", "podwire/unknown"})
  void shouldListTheBuiltInImagesForAnUnknownOne(String image) {
    assertThatThrownBy(
            () -> ContainerProgram.of(container(image, List.of(), List.of()), "web", IMAGES, FIFO))
        .isInstanceOf(UnrunnableException.class)
        .hasMessage(
            "container main: image '"
                + image
                + "' is not built in; give the container a command, or use one of: "
                + "podwire/agnhost, podwire/dns-server, podwire/pause");
  }
}
