package io.podwire.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What a load generator once printed, beside the tests. */
final class GoldenOutput {

  private GoldenOutput() {}

  static String read(String name) {
    try (InputStream stream =
        Objects.requireNonNull(GoldenOutput.class.getResourceAsStream(name), name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
