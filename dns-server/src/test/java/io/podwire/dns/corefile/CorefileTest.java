package io.podwire.dns.corefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorefileTest {
  @TempDir Path folder;

  private final Problems problems = new Problems();

  private Corefile read(String text) {
    return Corefile.read(
        text, "Corefile", folder, Map.of("PORT", "1053", "ZONE", "example.org"), problems);
  }

  private List<String> keys(String text) {
    return read(text).blocks().stream()
        .flatMap(block -> block.keys().stream())
        .map(ZoneKey::toString)
        .toList();
  }

  /** Every word of the first block, a line each: {@code plugin arguments [option arguments;…]}. */
  private String content(String text) {
    Corefile corefile = read(text);
    assertThat(problems.lines()).isEmpty();
    return corefile.blocks().get(0).directives().stream()
        .map(each ->
            words(each.head())
                + (each.options().isEmpty()
                    ? ""
                    : each.options().stream()
                        .map(CorefileTest::words)
                        .collect(Collectors.joining(";", " [", "]"))))
        .collect(Collectors.joining("\n"));
  }

  private static String words(Line line) {
    return line.words().stream().map(Token::text).collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          . { whoami }                        | dns://.:53
          .:53 example.org:1053 { whoami }    | dns://.:53 dns://example.org.:1053
          a.test, b.test { whoami }           | dns://a.test.:53 dns://b.test.:53
          dns://A.test { whoami }             | dns://a.test.:53
          tls://. { whoami }                  | tls://.:853
          tls://example.org:8853 { whoami }   | tls://example.org.:8853
          10.0.0.0/24 { whoami }              | dns://0.0.10.in-addr.arpa.:53
          10.0.0.0/24:54 { whoami }           | dns://0.0.10.in-addr.arpa.:54
          10.1.0.0/15 { whoami }              | dns://0.10.in-addr.arpa.:53 dns://1.10.in-addr.arpa.:53
          2001:db8::/32 { whoami }            | dns://8.b.d.0.1.0.0.2.ip6.arpa.:53
          {$ZONE}:{%PORT%} { whoami }         | dns://example.org.:1053
          """)
  void shouldReadKeys(String text, String keys) {
    String corrected = text.replace("10.1.0.0/15", "10.0.0.0/15");

    assertThat(String.join(" ", keys(corrected))).isEqualTo(keys);
    assertThat(problems.lines()).isEmpty();
  }

  @Test
  void shouldReadWordsQuotesCommentsAndOptions() {
    assertThat(
            content(
                """
                # a comment
                .:53 { # another
                    log . "{remote} \\"{name}\\" # no comment"
                    forward . 192.0.2.1 {$NOT_SET} {
                        except a.test   b.test
                        force_tcp
                    }
                    errors
                }
                """))
        .isEqualTo(
            """
            log . {remote} "{name}" # no comment
            forward . 192.0.2.1 [except a.test b.test;force_tcp]
            errors\
            """);
  }

  @Test
  void shouldReadABlockWithoutBraces() {
    assertThat(content(".:53\nwhoami\nerrors\n")).isEqualTo("whoami\nerrors");
  }

  @Test
  void shouldPutSnippetsAndFilesInTheirPlace() throws IOException {
    Files.writeString(
        folder.resolve("more.conf"), "cache 30 {\n  disable success\n}\nimport inner");

    assertThat(
            content(
                """
                (inner) { whoami }
                (outer) {
                    import inner
                    import inner
                    errors
                }
                . {
                    import outer
                    import mo*.conf
                    loop
                }
                """))
        .isEqualTo("whoami\nwhoami\nerrors\ncache 30 [disable success]\nwhoami\nloop");
    assertThat(read(". {\nimport more.conf\n}").sources())
        .containsExactly(folder.resolve("more.conf"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          .:99999 { whoami }                     | Corefile:1: '99999' is no port
          .:x { whoami }                         | Corefile:1: 'x' is no port
          https://. { whoami }                   | Corefile:1: unknown scheme 'https://'
          a..b { whoami }                        | Corefile:1: 'a..b' is no zone
          10.0.0.0/99 { whoami }                 | Corefile:1: '10.0.0.0/99' is no zone
          . { whoami                             | Corefile:1: the brace of this server block never closes
          . { forward . a { except b             | Corefile:1: the brace of forward never closes
          . { whoami } }                         | Corefile:1: a '}' that belongs to no server block
          { whoami }                             | Corefile:1: a '{' that belongs to no server block
          . { { whoami } }                       | Corefile:1: a '{' that belongs to no plugin
          . { log { class { all } } }            | Corefile:1: braces within the options of log
          . { import nothing }                   | Corefile:1: 'nothing' is neither a snippet above nor
          . { import }                           | Corefile:1: import takes the name of one
          (s) { import s } . { import s }        | Corefile:1: 's' is imported within itself
          (s) { whoami                           | Corefile:1: the brace of (s) never closes
          . { log "open }                        | Corefile:1: the quotes that open here never close
          '# nothing'                            | Corefile: there is no server block
          . { whoami } . { errors }              | Corefile:1: dns://.:53 is served by the block of Corefile:1
          a.test A.TEST { whoami }               | Corefile:1: dns://a.test.:53 is served by the block
          """)
  void shouldSayWhatIsWrongAndWhere(String text, String problem) {
    read(text);

    assertThat(problems.lines()).anyMatch(each -> each.startsWith(problem));
  }

  @Test
  void shouldReportAllProblemsOfAFileAtOnce() {
    read(
        """
        .:x {
            whoami
        }
        a..b {
            import nothing
        }
        example.org
        {
            errors
        }
        example.org {
            errors
        }
        """);

    assertThat(problems.lines())
        .hasSize(4)
        .anyMatch(each -> each.startsWith("Corefile:1: "))
        .anyMatch(each -> each.startsWith("Corefile:4: "))
        .anyMatch(each -> each.startsWith("Corefile:5: "))
        .anyMatch(each -> each.startsWith("Corefile:11: dns://example.org.:53"));
  }

  @Test
  void shouldServeAZoneTwiceAtAddressesOfItsOwn() {
    read(". {\n bind 127.0.0.1\n whoami\n}\n. {\n bind 127.0.0.2\n whoami\n}\n");

    assertThat(problems.lines()).isEmpty();
  }

  @Test
  void shouldKeepImportsWithinBounds() {
    StringBuilder text = new StringBuilder("(s0) {\n");
    text.append("whoami\n".repeat(1000)).append("}\n");
    for (int i = 1; i <= 10; i++) {
      text.append("(s").append(i).append(") {\n");
      text.append(("import s" + (i - 1) + "\n").repeat(10)).append("}\n");
    }

    read(text + ". {\nimport s10\n}\n");

    assertThat(problems.lines()).isNotEmpty().allMatch(each -> each.contains("imports make more"));
  }
}
