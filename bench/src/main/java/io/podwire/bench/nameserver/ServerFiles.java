package io.podwire.bench.nameserver;

import io.podwire.bench.program.ListeningPorts;
import io.podwire.bench.program.RunningProgram;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server's own folder with its configuration. */
final class ServerFiles {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Workbench bench;
  private final Path folder;

  ServerFiles(Workbench bench, String name) {
    this.bench = bench;
    this.folder = bench.folder(name);
  }

  Path folder() {
    return folder;
  }

  Path write(String name, List<String> lines) {
    try {
      return Files.write(folder.resolve(name), lines);
    } catch (IOException failure) {
      throw new UncheckedIOException("writing to " + folder, failure);
    }
  }

  /** Starts the server and waits until its UDP port is bound. */
  void serve(NetworkNamespace namespace, int port, List<String> command) {
    RunningProgram server = bench.start(namespace, command);
    server.awaitState(
        "served port " + port, PATIENCE, () -> ListeningPorts.udp(server.pid(), port));
  }
}
