package io.podwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cli.manual.ManPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion and the manual know every command and option. */
class CompletionCommandTest {
  private static String script = "";
  private static List<ManPage> pages = List.of();

  @TempDir Path folder;

  /** Every command that users see, the whole tree. */
  static List<CommandLine> commands() {
    return below(Podwire.commandLine()).toList();
  }

  private static Stream<CommandLine> below(CommandLine command) {
    if (command.getCommandSpec().usageMessage().hidden()) {
      return Stream.empty();
    }
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(CompletionCommandTest::below));
  }

  @BeforeAll
  static void print() {
    pages = ManPage.of(Podwire.commandLine());
    StringWriter out = new StringWriter();
    int exit = Podwire.commandLine().setOut(new PrintWriter(out)).execute("completion", "bash");
    assertThat(exit).isZero();
    script = out.toString();
  }

  @Test
  void shouldSeeTheWholeTree() {
    assertThat(commands())
        .hasSizeGreaterThan(25)
        .extracting(command -> command.getCommandSpec().qualifiedName())
        .contains("podwire", "podwire up", "podwire fault delay", "podwire bench micro");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldHaveAManPageOfEveryCommandWithEveryOption(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    ManPage page =
        pages.stream()
            .filter(each -> each.fileName().equals(spec.qualifiedName("-") + ".1"))
            .findAny()
            .orElseThrow();
    String text = page.text();

    assertThat(text).contains(".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH OPTIONS");
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        assertThat(text).contains(option.longestName().replace("-", "\\-"));
      }
    }
    for (String sub : command.getSubcommands().keySet()) {
      if (!command.getSubcommands().get(sub).getCommandSpec().usageMessage().hidden()) {
        assertThat(text).contains(sub.replace("-", "\\-"));
      }
    }
    assertThat(text.lines()).noneMatch(line -> line.contains("${") || line.contains("%%"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldCompleteEveryCommandWithEveryOption(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    String function = "function _picocli_" + spec.qualifiedName("_").replace("-", "") + "() {";
    assertThat(script).contains(function);
    String body = script.substring(script.indexOf(function));
    body = body.substring(0, body.indexOf("\n}\n"));

    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        assertThat(body).contains("'" + option.longestName());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "podwire comp, completion",
    "podwire fault del, delay",
    "podwire up --node-, --node-cidr",
    "podwire tra, ''",
    "podwire completion z, zsh",
  })
  void shouldCompleteInBash(String typed, String expected) throws Exception {
    assertThat(complete(typed)).isEqualTo(expected);
  }

  private String complete(String typed) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("podwire.bash"), script);
    Process bash =
        new ProcessBuilder(
                "bash",
                "--norc",
                "-c",
                """
                source "$1"
                read -ra COMP_WORDS <<<"$2"
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _complete_podwire
                printf '%s' "${COMPREPLY[*]}"
                """,
                "complete",
                file.toString(),
                typed)
            // Bash says there that it is not in the middle of a line.
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String reply = new String(bash.getInputStream().readAllBytes()).strip();
    assertThat(bash.waitFor()).as(reply).isZero();
    return reply;
  }
}
