package io.podwire.cli;

import io.podwire.cli.manual.ManPage;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code podwire man-pages}: writes the manual, one page for each command; for the release. */
@Command(
    name = "man-pages",
    hidden = true,
    description = "Write the manual page of every command.",
    mixinStandardHelpOptions = true)
final class ManPagesCommand extends Invocation implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "where to write them")
  Path folder = Path.of("");

  @Override
  public Integer call() {
    try {
      Files.createDirectories(folder);
      for (ManPage page : ManPage.of(Podwire.commandLine())) {
        Files.writeString(folder.resolve(page.fileName()), page.text());
      }
    } catch (IOException failure) {
      throw new CommandFailure(folder + " cannot be written: " + failure.getMessage(), failure);
    }
    return ExitCode.OK;
  }
}
