package io.podwire.testkit.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Files beside the tests' classes, for programs that read files. */
final class TestFiles {

  private TestFiles() {}

  /** Copies one, by its path below this package's, into a folder under its own name. */
  static Path copy(String name, Path folder) throws IOException {
    Path copy = folder.resolve(Path.of(name).getFileName());
    try (InputStream text =
        Objects.requireNonNull(TestFiles.class.getResourceAsStream(name), name)) {
      Files.copy(text, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    return copy;
  }
}
