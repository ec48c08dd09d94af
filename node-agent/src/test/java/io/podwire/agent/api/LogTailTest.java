package io.podwire.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTailTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "a;b;c;, -1, a;b;c;",
    "a;b;c;, 0, ''",
    "a;b;c;, 1, c;",
    "a;b;c;, 2, b;c;",
    "a;b;c;, 3, a;b;c;",
    "a;b;c;, 9, a;b;c;",
    "a;b;c, 1, c",
    "a;b;c, 2, b;c",
    "a;;, 1, ;",
    "'', 5, ''",
  })
  void shouldFindTheLastLines(String text, int lines, String tail) throws IOException {
    assertThat(tail(text.replace(';', '\n'), lines)).isEqualTo(tail.replace(';', '\n'));
  }

  @ParameterizedTest
  @CsvSource({"1, 9000", "2, 18000", "10, 90000"})
  void shouldFindLinesLongerThanABlock(int lines, int octets) throws IOException {
    assertThat(tail(("x".repeat(8999) + "\n").repeat(20), lines)).hasSize(octets);
  }

  private String tail(String text, int lines) throws IOException {
    Path file = Files.writeString(folder.resolve("log"), text);
    try (FileChannel channel = FileChannel.open(file)) {
      return text.substring((int) LogTail.start(channel, lines));
    }
  }
}
