package io.podwire.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every Java file reads as google-java-format writes it.
 *
 * <p>With {@code -Dpodwire.format=write} the files are rewritten instead of listed.
 */
class FormatTest {

  private static final int AT_LEAST = 200;

  private final Formatter formatter = new Formatter();

  @Test
  void shouldReadAsTheFormatterWrites() {
    boolean rewrite = "write".equals(System.getProperty("podwire.format"));
    List<Path> files = SourceTree.javaFiles();

    List<Path> offenders =
        files.parallelStream()
            .filter(file -> differs(file, rewrite))
            .map(SourceTree.root()::relativize)
            .toList();

    assertThat(files).hasSizeGreaterThan(AT_LEAST);
    if (!rewrite) {
      assertThat(offenders)
          .as(
              "files to format: mvn -Dfast -pl testkit -am test -Dtest=FormatTest"
                  + " -Dsurefire.failIfNoSpecifiedTests=false -Dpodwire.format=write")
          .isEmpty();
    }
  }

  private boolean differs(Path file, boolean rewrite) {
    try {
      String source = Files.readString(file);
      String formatted = formatter.formatSourceAndFixImports(source);
      if (formatted.equals(source)) {
        return false;
      }
      if (rewrite) {
        Files.writeString(file, formatted);
      }
      return true;
    } catch (FormatterException e) {
      throw new AssertionError(file + " cannot be parsed", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
