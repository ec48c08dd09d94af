package io.podwire.agnhost;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** Does nothing until it is told to end, and then ends well. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Waits for SIGTERM or SIGINT and exits with 0.")
final class PauseCommand implements Callable<Integer> {

  @Override
  public Integer call() throws InterruptedException {
    // The exit code of a JVM that was sent SIGTERM would be 143.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0), "shutdown"));
    new CountDownLatch(1).await();
    return 0;
  }
}
