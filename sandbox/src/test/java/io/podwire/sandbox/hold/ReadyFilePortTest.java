package io.podwire.sandbox.hold;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyFilePortTest {

  @TempDir Path folder;

  @Test
  void shouldTellWhetherTheFileIsThere() throws IOException {
    Path file = folder.resolve("healthy");
    try (ReadyFilePort port = ReadyFilePort.open(file, 0)) {
      assertThat(status(port)).isEqualTo(503);

      Files.createFile(file);
      assertThat(status(port)).isEqualTo(200);

      Files.delete(file);
      assertThat(status(port)).isEqualTo(503);
    }
  }

  private static int status(ReadyFilePort port) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + port.port() + ReadyFilePort.PATH);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    try {
      return connection.getResponseCode();
    } finally {
      connection.disconnect();
    }
  }
}
