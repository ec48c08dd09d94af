package io.podwire.testkit.junit;

import io.podwire.testkit.topology.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Finds the manifests that an annotation names. */
final class ManifestLookup {
  private ManifestLookup() {}

  /** A file, or a resource beside the class or at the root of its class path. */
  static Manifest find(String name, Class<?> test) {
    try {
      Path file = Path.of(name);
      if (Files.isRegularFile(file)) {
        return new Manifest(name, Files.readString(file));
      }
      for (String resource : new String[] {name, "/" + name}) {
        try (InputStream stream = test.getResourceAsStream(resource)) {
          if (stream != null) {
            return new Manifest(name, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
      throw new ExtensionConfigurationException(
          "manifest \""
              + name
              + "\" of "
              + test.getName()
              + " is neither a file ("
              + file.toAbsolutePath()
              + ") nor a resource beside the class or at the class path's root");
    } catch (IOException failure) {
      throw new UncheckedIOException("reading manifest " + name, failure);
    }
  }
}
