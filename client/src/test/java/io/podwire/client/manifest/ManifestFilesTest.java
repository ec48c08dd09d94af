package io.podwire.client.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.client.api.ApiStatus;
import io.podwire.client.failure.ClientFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFilesTest {
  private static final InputStream NO_INPUT = InputStream.nullInputStream();

  @TempDir Path folder;

  @Test
  void shouldReadEveryDocumentOfFilesFoldersAndStandardInput() throws IOException {
    Path file = write("a.yaml", "kind: A\n---\n# only a comment\n---\nkind: B\n");
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Files.writeString(sub.resolve("2.json"), "{\"kind\": \"D\"}");
    Files.writeString(sub.resolve("1.yml"), "kind: C\n");
    Files.writeString(sub.resolve("notes.txt"), "kind: no\n");
    InputStream stdin = new ByteArrayInputStream("kind: E".getBytes(StandardCharsets.UTF_8));

    ManifestStream stream =
        ManifestFiles.read(List.of(file.toString(), sub.toString(), "-"), stdin);

    assertThat(stream.size()).isEqualTo(5);
    assertThat(new String(stream.body(), StandardCharsets.UTF_8).lines())
        .filteredOn(line -> !line.isBlank())
        .containsExactly(
            "kind: A",
            "---",
            "kind: B",
            "---",
            "kind: C",
            "---",
            "{\"kind\": \"D\"}",
            "---",
            "kind: E");
  }

  @Test
  void shouldTellEveryProblemOfEveryFileAtOnce() throws IOException {
    Path first = write("first.yaml", "kind: Pod\n---\nkind: [Pod\n---\n- a list\n");
    Path second = write("second.yaml", "a: 1\n\tb: 2\n");

    assertThatThrownBy(() ->
            ManifestFiles.read(
                List.of(first.toString(), "missing.yaml", second.toString()), NO_INPUT))
        .isInstanceOf(ClientFailure.class)
        .message()
        .satisfies(message ->
            assertThat(message.lines())
                .satisfiesExactly(
                    line ->
                        assertThat(line)
                            .startsWith(
                                first
                                    + ":4: YAML syntax: while parsing a flow sequence: "
                                    + "expected ',' or ']'"),
                    line ->
                        assertThat(line)
                            .isEqualTo(
                                first + ":5: this document is no mapping of fields to values"),
                    line -> assertThat(line).isEqualTo("missing.yaml: no such file or folder"),
                    line -> assertThat(line).startsWith(second + ":2: YAML syntax: ")));
  }

  @Test
  void shouldRefuseFilesWithoutAnyObject() throws IOException {
    Path file = write("empty.yaml", "# nothing yet\n---\n");

    assertThatThrownBy(() -> ManifestFiles.read(List.of(file.toString()), NO_INPUT))
        .hasMessage(file + ": no Kubernetes object in it; write at least one document");
  }

  @Test
  void shouldNameTheFileThatIsNoTextInAFolder() throws IOException {
    Files.write(folder.resolve("bytes.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    assertThatThrownBy(() -> ManifestFiles.read(List.of(folder.toString()), NO_INPUT))
        .hasMessage(folder.resolve("bytes.yaml") + ": not UTF-8 text; name a YAML or JSON file");
  }

  @Test
  void shouldRefuseAFileThatNoControlPlaneWouldTake() throws IOException {
    Path file = write("huge.yaml", "a".repeat((3 << 20) + 1));

    assertThatThrownBy(() -> ManifestFiles.read(List.of(file.toString()), NO_INPUT))
        .hasMessage(file + ": larger than 3 MiB; split it up");
  }

  @Test
  void shouldTellByFileAndLineWhatTheServerCannotRead() throws IOException {
    Path file = write("twice.yaml", "a: 1\na: 2\n");
    ManifestStream stream = ManifestFiles.read(List.of(file.toString()), NO_INPUT);

    assertThat(stream.located("document 1 is not YAML: line 2, column 1: found duplicate key a"))
        .isEqualTo(file + ":1: is not YAML: line 2, column 1: found duplicate key a");
  }

  @Test
  void shouldTellTheServersProblemsByFileAndLine() throws IOException {
    Path file = write("web.yaml", "kind: Pod\n---\n\n# the Service\nkind: Service\nspec: {}\n");
    ManifestStream stream = ManifestFiles.read(List.of(file.toString()), NO_INPUT);
    ApiStatus status =
        new ApiStatus(
            422,
            "Invalid",
            "2 problems in 2 of 2 documents; nothing was applied",
            List.of(
                new ApiStatus.Cause("", "spec", "document 1, Pod default/a: spec: is missing"),
                new ApiStatus.Cause("", "spec.ports", "document 2, Service default/b: no ports")));

    assertThat(stream.refused(status).getMessage())
        .isEqualTo(
            "2 problems in 2 of 2 documents; nothing was applied\n"
                + ("  " + file + ":1: Pod default/a: spec: is missing\n")
                + ("  " + file + ":5: Service default/b: no ports"));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
