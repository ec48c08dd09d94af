package io.podwire.cli;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.cli.terminal.LibcTerminal;
import io.podwire.cli.terminal.RawMode;
import io.podwire.cli.terminal.WindowChanges;
import io.podwire.client.api.ApiClient;
import io.podwire.client.exec.ExecRequest;
import io.podwire.client.exec.ExecSession;
import io.podwire.client.exec.ProgramEnd;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podwire exec}: runs a program in a Pod as if it ran here. */
@Command(
    name = "exec",
    description = "Run a program in a Pod; its exit code is this command's.",
    sortOptions = false,
    customSynopsis = "podwire exec [-it] [-n NAMESPACE] [-c CONTAINER] POD -- COMMAND [ARG...]",
    mixinStandardHelpOptions = true)
final class ExecCommand extends Invocation implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "POD", description = "the Pod's name")
  String pod = "";

  @Parameters(index = "1..*", paramLabel = "COMMAND", description = "the program and its arguments")
  List<String> command = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "default",
      description = "default: ${DEFAULT-VALUE}")
  String namespace = "";

  @Option(
      names = {"-c", "--container"},
      defaultValue = "",
      description = "default: the Pod's first")
  String container = "";

  @Option(
      names = {"-i", "--stdin"},
      description = "pass this command's input on")
  boolean stdin;

  @Option(
      names = {"-t", "--tty"},
      description = "give the program a terminal; with -i this one becomes raw")
  boolean tty;

  @Override
  public Integer call() {
    if (command.isEmpty()) {
      throw new CommandFailure(
          "COMMAND is missing: podwire exec " + pod + " -- COMMAND [ARG...]", ExitCode.USAGE, null);
    }
    boolean interactive = tty && LibcTerminal.isTerminal(LibcTerminal.STDIN);
    if (tty && stdin && !interactive) {
      err().println("podwire: -t: the input is no terminal, so it stays as it is");
      err().flush();
    }
    LibcTerminal terminal = new LibcTerminal(LibcTerminal.STDIN);
    try (ApiClient api = podwire().connect()) {
      ProgramEnd end;
      // Raw before the program can ask for anything; cooked again before a failure is told.
      try (RawMode _ = interactive && stdin ? RawMode.enter(terminal) : null;
          ExecSession session = start(api)) {
        try (WindowChanges _ =
            interactive
                ? new WindowChanges(terminal, size -> session.resize(size.width(), size.height()))
                : null) {
          end = feedAndAwait(session);
        }
      }
      if (!end.failure().isEmpty()) {
        throw new CommandFailure(end.failure(), end.exitCode(), null);
      }
      return end.exitCode();
    }
  }

  private ExecSession start(ApiClient api) {
    return ExecSession.start(
        api.transport(),
        new ExecRequest(namespace, pod, container, command, stdin, tty),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err));
  }

  private ProgramEnd feedAndAwait(ExecSession session) {
    if (stdin) {
      session.feed(new FileInputStream(FileDescriptor.in));
    }
    return session.await();
  }
}
