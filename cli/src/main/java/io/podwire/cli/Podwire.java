package io.podwire.cli;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.podwire.cli.local.ClusterHome;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiAddress;
import io.podwire.client.api.ApiClient;
import io.podwire.client.failure.ClientFailure;
import io.podwire.client.failure.InterruptedCall;
import io.podwire.client.failure.InvalidArgument;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code podwire}: options that all subcommands share, and how failures are told. */
@Command(
    name = "podwire",
    description = "An emulator of the Kubernetes network: nodes are JVMs, Pods are real programs.",
    versionProvider = Podwire.Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      ApplyCommand.class,
      DeleteCommand.class,
      GetCommand.class,
      AnnotateCommand.class,
      ExecCommand.class,
      LogsCommand.class,
      CaptureCommand.class,
      NodeCommand.class,
      RulesCommand.class,
      FaultCommand.class,
      HealCommand.class,
      ExperimentCommand.class,
      DemoCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      ManPagesCommand.class,
      TrainCommand.class,
    })
public final class Podwire implements Runnable {
  // A strong reference: the JDK forgets the level of a logger that nobody holds.
  private static final Logger NETTY_LOG = Logger.getLogger("io.netty");

  @Option(
      names = "--server",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      defaultValue = "${env:PODWIRE_SERVER}",
      description =
          "the API: http://HOST:PORT or unix:/PATH (default: the local cluster's; PODWIRE_SERVER)")
  @Nullable String server;

  @Option(
      names = "--name",
      scope = ScopeType.INHERIT,
      paramLabel = "CLUSTER",
      description = "the local cluster (default: ${DEFAULT-VALUE}; PODWIRE_NAME)",
      defaultValue = "${env:PODWIRE_NAME:-" + ClusterHome.DEFAULT_NAME + "}")
  String name = ClusterHome.DEFAULT_NAME;

  @Spec private @Nullable CommandSpec spec;

  /** Runs the command line and ends the JVM with its exit code. */
  public static void main(String[] args) {
    // Netty logs through the JDK: starting a logging framework would double the start-up time.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    NETTY_LOG.setLevel(Level.SEVERE);
    CommandLine commandLine = commandLine();
    int exitCode = commandLine.execute(args);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    System.exit(exitCode);
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Podwire());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setUsageHelpAutoWidth(true);
    commandLine.setParameterExceptionHandler(Podwire::wrongUsage);
    commandLine.setExecutionExceptionHandler(Podwire::failed);
    return commandLine;
  }

  private static int wrongUsage(CommandLine.ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("podwire: " + wrong.getMessage());
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitCode.USAGE;
  }

  private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    command.getOut().flush();
    OptionalInt exitCode = exitCode(failure);
    if (exitCode.isPresent()) {
      err.println("podwire: " + failure.getMessage());
      err.flush();
      return exitCode.getAsInt();
    }
    err.println("podwire: unexpected failure, please report it:");
    failure.printStackTrace(err);
    err.flush();
    return ExitCode.FAILED;
  }

  /** The exit code of a failure whose message is meant for the user; empty for any other. */
  private static OptionalInt exitCode(Exception failure) {
    return switch (failure) {
      case CommandFailure told -> OptionalInt.of(told.exitCode());
      case InvalidArgument _ -> OptionalInt.of(ExitCode.USAGE);
      case InterruptedCall _ -> OptionalInt.of(ExitCode.INTERRUPTED);
      case ClientFailure _ -> OptionalInt.of(ExitCode.FAILED);
      default -> OptionalInt.empty();
    };
  }

  /** The local cluster that is meant. */
  ClusterHome home() {
    return ClusterHome.of(name, System.getenv());
  }

  /** Where the API is. */
  ApiAddress address() {
    return server == null || server.isEmpty() ? home().api() : ApiAddress.parse(server);
  }

  /** Whether a cluster elsewhere is meant. */
  boolean isRemote() {
    return server != null && !server.isEmpty();
  }

  /** A client of the API; closed by the caller. */
  ApiClient connect() {
    return new ApiClient(address());
  }

  @Override
  public void run() {
    CommandSpec command = Objects.requireNonNull(spec);
    command.commandLine().usage(command.commandLine().getOut());
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    static String text() {
      return Optional.ofNullable(Podwire.class.getPackage().getImplementationVersion())
          .orElse("development");
    }

    @Override
    public String[] getVersion() {
      return new String[] {"podwire " + text()};
    }
  }
}
