package io.podwire.sandbox.hold;

import io.podwire.cluster.attach.PodDescription;
import io.podwire.linux.Tap;
import io.podwire.sandbox.AgentConnection.NoAgent;
import io.podwire.sandbox.PodInterface;
import io.podwire.sandbox.PodInterface.Unusable;
import io.podwire.sandbox.hold.DescriptionReader.InvalidOptions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes the network namespace that it runs in a Pod, until it is told to end. */
@Command(
    name = "podwire-sandbox",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Makes the network namespace that it runs in a Pod.")
public final class Sandbox implements Callable<Integer> {

  /** A configuration error (sysexits.h EX_CONFIG): starting again would not help. */
  static final int EXIT_CONFIG = 78;

  @Mixin private SandboxOptions options = new SandboxOptions();

  @Override
  public Integer call() {
    try {
      PodDescription pod = DescriptionReader.read(options);
      try (Tap tap = interfaceOf(options.interfaceName);
          ReadyFilePort port = readyFilePort()) {
        Holder holder = new Holder(options, pod, tap);
        Runtime.getRuntime().addShutdownHook(new Thread(holder::stop, "shutdown"));
        return holder.run();
      }
    } catch (InvalidOptions e) {
      System.err.println(e.getMessage());
      return EXIT_CONFIG;
    } catch (Unusable | NoAgent | UncheckedIOException e) {
      System.err.println("podwire-sandbox: " + e.getMessage());
      return 1;
    }
  }

  private @Nullable ReadyFilePort readyFilePort() {
    String readiness = options.readiness;
    return readiness.startsWith(DescriptionReader.FILE)
        ? ReadyFilePort.open(Path.of(readiness.substring(DescriptionReader.FILE.length())))
        : null;
  }

  /** One that an earlier run has left vanishes once the agent has seen that it is gone. */
  private static Tap interfaceOf(String name) {
    Patience patience = new Patience(Duration.ofSeconds(1));
    while (true) {
      try {
        return PodInterface.make(name);
      } catch (Unusable e) {
        if (!e.isPresent() || !patience.pause()) {
          throw e;
        }
      }
    }
  }

  /** Runs until SIGTERM; ends with 78 where the options are at fault. */
  public static void main(String[] args) {
    CommandLine command = new CommandLine(new Sandbox());
    command.setParameterExceptionHandler((failure, arguments) -> {
      System.err.println(failure.getMessage());
      return EXIT_CONFIG;
    });
    System.exit(command.execute(args));
  }
}
