package io.podwire.testkit.e2e;

import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another control plane beside that of a local cluster, on its ZooKeeper: the two elect a leader.
 * It is started again whenever it is killed, until it is closed.
 *
 * <p>Thread-safe.
 */
final class SecondControlPlane implements AutoCloseable {

  private static final String MAIN = "io.podwire.controlplane.boot.ControlPlane";

  private final PodwireCommand podwire;
  private final List<String> command;
  private Process process;

  private SecondControlPlane(PodwireCommand podwire, List<String> command) throws IOException {
    this.podwire = podwire;
    this.command = command;
    this.process = spawn();
  }

  static SecondControlPlane start(PodwireCommand podwire, Path scratch) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                podwire.root().resolve("cli/target/dist/lib") + "/*",
                MAIN,
                "--id=second",
                "--zookeeper=127.0.0.1:" + zooKeeperPort(podwire),
                "--grpc=127.0.0.1:6600",
                "--api-socket=" + scratch.resolve("second.sock")));
    for (String word : commandLine(podwire)) {
      if (word.startsWith("--pod-cidr=")
          || word.startsWith("--service-cidr=")
          || word.startsWith("--node-cidr=")) {
        command.add(word);
      }
    }
    return new SecondControlPlane(podwire, command);
  }

  private Process spawn() throws IOException {
    try (NetworkNamespace network = HandStarted.networkOf(podwire, "control-plane")) {
      Path log = podwire.home().resolve("second.log");
      return network.call(() ->
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start());
    }
  }

  /** Kills it (SIGKILL) and starts it again. */
  synchronized void kill() throws IOException, InterruptedException {
    end();
    try {
      process = spawn();
    } catch (IOException | RuntimeException away) {
      // The other one has just been killed too, and with it the namespace's process.
      process = new ProcessBuilder("true").start();
    }
  }

  private void end() throws InterruptedException {
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }

  private static Path mainProcess(PodwireCommand podwire) throws IOException {
    Path pid = podwire.home().resolve("clusters/podwire/run/control-plane.pid");
    return Path.of("/proc", Files.readString(pid).strip());
  }

  private static List<String> commandLine(PodwireCommand podwire) throws IOException {
    return List.of(Files.readString(mainProcess(podwire).resolve("cmdline")).split("\0"));
  }

  /** The only port of the loopback that the embedded ZooKeeper's process listens on. */
  private static int zooKeeperPort(PodwireCommand podwire) throws IOException {
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : Files.readAllLines(mainProcess(podwire).resolve(table))) {
        String[] words = line.strip().split("\\s+");
        boolean loopback =
            words[1].startsWith("0100007F:")
                || words[1].startsWith("0000000000000000FFFF00000100007F:");
        if (words.length > 3 && words[3].equals("0A") && loopback) {
          int port = Integer.parseInt(words[1].substring(words[1].lastIndexOf(':') + 1), 16);
          if (port != 6600) {
            return port;
          }
        }
      }
    }
    throw new IOException("no ZooKeeper on the control plane's loopback");
  }

  @Override
  public synchronized void close() {
    try {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
