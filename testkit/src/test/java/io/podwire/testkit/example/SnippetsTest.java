package io.podwire.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows is part of tests that are run: word for word. */
class SnippetsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** {@code <!-- from PATH[#TAG] -->} and the block of code that follows. */
  private static final Pattern SNIPPET =
      Pattern.compile("<!-- from (\\S+?)(?:#(\\S+))? -->\\n+```\\w*\\n(.*?)```", Pattern.DOTALL);

  private static final Pattern CODE = Pattern.compile("^```[a-z]+$", Pattern.MULTILINE);

  @Test
  void shouldShowWhatIsTested() throws IOException {
    String text = Files.readString(ROOT.resolve("docs/testing.md"));
    Matcher snippet = SNIPPET.matcher(text);
    int snippets = 0;
    while (snippet.find()) {
      String source = Files.readString(ROOT.resolve(snippet.group(1)));
      String expected = snippet.group(2) == null ? source : tagged(source, snippet.group(2));

      assertThat(snippet.group(3)).as(snippet.group(1)).isEqualTo(expected);
      snippets++;
    }

    assertThat(snippets).isPositive().isEqualTo(CODE.matcher(text).results().count());
  }

  /**
   * From a comment {@code tag: NAME} on a line of its own to the next comment {@code end}, in Java
   * or XML, moved to the left.
   */
  private static String tagged(String source, String tag) {
    Matcher region =
        Pattern.compile(
                "(?://|<!--) tag: " + tag + "(?: -->)?\\n(.*?)\\n *(?://|<!--) end", Pattern.DOTALL)
            .matcher(source);
    assertThat(region.find()).as("tag " + tag).isTrue();
    return region.group(1).stripTrailing().stripIndent() + "\n";
  }
}
