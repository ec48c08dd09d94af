package io.podwire.cli;

import io.podwire.cli.local.Progress;
import io.podwire.cli.terminal.LibcTerminal;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What every subcommand has: the options before it, and where to write. */
abstract class Invocation {
  @ParentCommand private @Nullable Podwire podwire;
  @Spec private @Nullable CommandSpec spec;

  final Podwire podwire() {
    return Objects.requireNonNull(podwire);
  }

  final PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  final PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }

  /** Progress goes where errors go, so that output can be piped. */
  final Progress progress() {
    return new Progress(err(), LibcTerminal.isTerminal(LibcTerminal.STDERR));
  }
}
