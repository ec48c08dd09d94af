package io.podwire.dns.boot;

import io.podwire.dns.plugin.PluginFailure;
import io.podwire.dns.server.BindFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The DNS server's program. */
@Command(
    name = "podwire-dns",
    mixinStandardHelpOptions = true,
    description = "Answers the names of a Podwire cluster, and asks upstreams for others.",
    footer = "Each option can also be given as PODWIRE_<NAME>, such as PODWIRE_CONTROL_PLANE.")
public final class DnsServer implements Callable<Integer> {

  /** Tells a supervisor that starting again would not help (BSD's EX_CONFIG). */
  static final int CONFIGURATION_ERROR = 78;

  /** A plugin has found that the server must not go on. */
  static final int FAILED = 1;

  private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);

  /** How long to keep quiet before saying that there is no state yet. */
  private static final long SYNC_PATIENCE_SECONDS = 5;

  @Mixin private final DnsOptions options = new DnsOptions();

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new DnsServer());
    commandLine.setDefaultValueProvider(new EnvironmentDefaults(System.getenv()));
    commandLine.setParameterExceptionHandler((failure, args) -> {
      failure.getCommandLine().getErr().println(failure.getMessage());
      return CONFIGURATION_ERROR;
    });
    return commandLine;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    Optional<DnsConfiguration> configuration = DnsConfiguration.of(options, problems);
    if (configuration.isPresent()) {
      problems.addAll(RunningServer.check(configuration.get()).lines());
    }
    if (configuration.isEmpty() || !problems.isEmpty()) {
      problems.forEach(System.err::println);
      return CONFIGURATION_ERROR;
    }
    if (options.printConfig) {
      System.out.print(configuration.get().corefile().text());
      return 0;
    }
    try {
      return serve(configuration.get());
    } catch (BindFailure e) {
      System.err.println(e.getMessage() + "; choose another address or port");
      return CONFIGURATION_ERROR;
    } catch (PluginFailure e) {
      System.err.println(e.getMessage());
      return CONFIGURATION_ERROR;
    }
  }

  /** Returns when the process is told to end, or a plugin wants it to. */
  private static int serve(DnsConfiguration configuration) throws InterruptedException {
    RunningServer server = RunningServer.start(configuration);
    Thread end =
        new Thread(
            () -> {
              removeReadyFile(configuration.readyFile());
              linger(server);
              server.close();
              LOG.info("served {}", server.counters());
            },
            "shutdown");
    Runtime.getRuntime().addShutdownHook(end);
    LOG.info("serving on {}", server.addresses());
    Thread sync =
        Thread.ofPlatform().daemon().name("sync").start(() -> follow(server, configuration));
    try {
      LOG.error("{}", server.stopped().get());
    } catch (ExecutionException e) {
      throw new AssertionError("it is never completed with a failure", e);
    }
    sync.interrupt();
    return FAILED;
  }

  /** Writes the ready file once the cluster's state is known. */
  private static void follow(RunningServer server, DnsConfiguration configuration) {
    try {
      if (!server.awaitSync(SYNC_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn(
            "no state from {} yet: the cluster's names are SERVFAIL until it comes",
            configuration.controlPlanes());
        while (!server.awaitSync(1, TimeUnit.HOURS)) {
          LOG.warn("still no state from {}", configuration.controlPlanes());
        }
      }
      writeReadyFile(configuration.readyFile());
    } catch (InterruptedException e) {
      // The server ends.
    }
  }

  /** As {@code health} wants it: clients have time to hear that they should go elsewhere. */
  private static void linger(RunningServer server) {
    Duration time = server.stopped().isDone() ? Duration.ZERO : server.linger();
    if (!time.isZero()) {
      LOG.info("going on for {} ms", time.toMillis());
      try {
        Thread.sleep(time);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void writeReadyFile(@Nullable Path file) {
    if (file == null) {
      return;
    }
    try {
      Files.writeString(file, ProcessHandle.current().pid() + "\n");
    } catch (IOException e) {
      LOG.error("--ready-file {} cannot be written: {}", file, e.toString());
    }
  }

  private static void removeReadyFile(@Nullable Path file) {
    if (file == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("--ready-file {} cannot be removed: {}", file, e.toString());
    }
  }
}
