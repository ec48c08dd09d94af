package io.podwire.cli;

import io.podwire.cli.outcome.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code podwire completion}: prints what makes a shell complete commands and options. */
@Command(
    name = "completion",
    description = "Print the shell's completion: source <(podwire completion bash)",
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class CompletionCommand extends Invocation implements Callable<Integer> {
  /** The shells; zsh reads the same script, which starts zsh's own reader of bash's. */
  enum Shell {
    bash,
    zsh
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  Shell shell = Shell.bash;

  @Override
  public Integer call() {
    out().print(AutoComplete.bash("podwire", Podwire.commandLine()));
    return ExitCode.OK;
  }
}
