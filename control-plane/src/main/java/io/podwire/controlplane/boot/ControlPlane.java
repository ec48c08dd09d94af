package io.podwire.controlplane.boot;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The control plane's main class. Exit code 78 means that the configuration is wrong, with one line
 * for each problem: starting again would not help.
 */
public final class ControlPlane {

  private static final int CONFIGURATION_ERROR = 78;

  private ControlPlane() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    Optional<Options> plain = PlainArguments.read(arguments, System.getenv());
    return plain.isPresent() ? serve(plain.get()) : parseAndServe(arguments);
  }

  private static int parseAndServe(String[] arguments) {
    Options options = new Options();
    CommandLine commandLine = new CommandLine(options);
    try {
      commandLine.parseArgs(arguments);
    } catch (ParameterException e) {
      System.err.println("control-plane: " + e.getMessage() + "; --help lists the options");
      return CONFIGURATION_ERROR;
    }
    if (commandLine.isUsageHelpRequested()) {
      commandLine.usage(System.out);
      return 0;
    }
    return serve(options);
  }

  private static int serve(Options options) {
    try {
      serve(SettingsReader.read(options));
      return 0;
    } catch (StartupException e) {
      e.problems().forEach(problem -> System.err.println("control-plane: " + problem));
      return CONFIGURATION_ERROR;
    } catch (InterruptedException e) {
      return 1;
    }
  }

  /** Runs until the process is told to end. */
  private static void serve(Settings settings) throws InterruptedException {
    ControlPlaneProcess process = new ControlPlaneProcess(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(process::close, "shutdown"));
    try {
      process.start();
      new CountDownLatch(1).await();
    } finally {
      process.close();
    }
  }
}
