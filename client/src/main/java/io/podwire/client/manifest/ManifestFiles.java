package io.podwire.client.manifest;

import io.podwire.client.failure.ClientFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads manifests as {@code -f} names them: files, folders (their .yaml, .yml and .json files, by
 * name), and {@code -} for standard input.
 *
 * <p>All problems of all files are told at once. Not thread-safe.
 */
public final class ManifestFiles {
  private static final String STDIN = "-";
  // As much as the control plane takes at once.
  private static final int MAX_BYTES = 3 << 20;

  private final List<String> problems = new ArrayList<>();
  private final List<ManifestDocument> documents = new ArrayList<>();
  private final InputStream stdin;

  private ManifestFiles(InputStream stdin) {
    this.stdin = stdin;
  }

  /**
   * Reads everything named.
   *
   * @throws ClientFailure with one line per problem
   */
  public static ManifestStream read(List<String> names, InputStream stdin) {
    ManifestFiles files = new ManifestFiles(stdin);
    names.forEach(files::add);
    if (files.problems.isEmpty() && files.documents.isEmpty()) {
      files.problems.add(
          String.join(", ", names) + ": no Kubernetes object in it; write at least one document");
    }
    if (!files.problems.isEmpty()) {
      throw new ClientFailure(String.join("\n", files.problems));
    }
    return new ManifestStream(files.documents);
  }

  /** Reads text that is part of the program itself. */
  public static ManifestStream ofText(String source, String text) {
    DocumentSplitter splitter = new DocumentSplitter(source);
    splitter.add(text);
    if (!splitter.problems().isEmpty()) {
      throw new IllegalStateException(String.join("\n", splitter.problems()));
    }
    return new ManifestStream(splitter.documents());
  }

  private void add(String name) {
    try {
      if (name.equals(STDIN)) {
        addText("standard input", stdin.readNBytes(MAX_BYTES + 1));
        return;
      }
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        addFolder(path);
      } else if (Files.exists(path)) {
        addFile(path, name);
      } else {
        problems.add(name + ": no such file or folder");
      }
    } catch (IOException failure) {
      problems.add(name + ": cannot be read (" + failure.getClass().getSimpleName() + ")");
    }
  }

  private void addFolder(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(ManifestFiles::isManifest).sorted().toList();
    }
    if (files.isEmpty()) {
      problems.add(folder + ": no .yaml, .yml or .json file in this folder");
    }
    for (Path file : files) {
      addFile(file, file.toString());
    }
  }

  private void addFile(Path file, String name) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      addText(name, content.readNBytes(MAX_BYTES + 1));
    }
  }

  private void addText(String source, byte[] content) {
    if (content.length > MAX_BYTES) {
      problems.add(source + ": larger than " + (MAX_BYTES >> 20) + " MiB; split it up");
      return;
    }
    try {
      split(
          source, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
    } catch (CharacterCodingException binary) {
      problems.add(source + ": not UTF-8 text; name a YAML or JSON file");
    }
  }

  private static boolean isManifest(Path file) {
    String name = file.getFileName().toString();
    boolean known = name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    return known && Files.isRegularFile(file);
  }

  private void split(String source, String text) {
    DocumentSplitter splitter = new DocumentSplitter(source);
    splitter.add(text);
    documents.addAll(splitter.documents());
    problems.addAll(splitter.problems());
  }
}
