package io.podwire.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documentation shows is what tests run, and users copy. */
class SnippetsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SNIPPET =
      Pattern.compile("<!-- from (\\S+?)(?:#(\\S+))? -->\\n+```(\\w*)\\n(.*?)```", Pattern.DOTALL);

  /** Of these languages a page shows nothing else. */
  @ParameterizedTest
  @CsvSource({"docs/testing.md,[a-z]+", "docs/compose.md,yaml"})
  void shouldShowWhatIsTested(String page, String languages) throws IOException {
    String text = Files.readString(ROOT.resolve(page));
    Matcher snippet = SNIPPET.matcher(text);
    int shown = 0;
    while (snippet.find()) {
      String source = Files.readString(ROOT.resolve(snippet.group(1)));
      String expected = snippet.group(2) == null ? source : tagged(source, snippet.group(2));

      assertThat(snippet.group(4)).as(snippet.group(1)).isEqualTo(expected);
      shown += snippet.group(3).matches(languages) ? 1 : 0;
    }

    Pattern code = Pattern.compile("^```" + languages + "$", Pattern.MULTILINE);
    assertThat(shown).isPositive().isEqualTo(code.matcher(text).results().count());
  }

  /**
   * From a comment {@code tag: NAME} on a line of its own to the next comment {@code end}, in Java,
   * XML or YAML, moved to the left.
   */
  private static String tagged(String source, String tag) {
    Matcher region =
        Pattern.compile(
                "(?://|<!--|#) tag: " + tag + "(?: -->)?\\n(.*?)\\n *(?://|<!--|#) end",
                Pattern.DOTALL)
            .matcher(source);
    assertThat(region.find()).as("tag " + tag).isTrue();
    return region.group(1).stripTrailing().stripIndent() + "\n";
  }
}
