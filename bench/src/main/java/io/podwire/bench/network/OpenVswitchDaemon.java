package io.podwire.bench.network;

import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.RunningProgram;
import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An Open vSwitch of its own in one namespace: database and switch, with every file and socket in
 * one folder, so that an instance of the machine is not touched.
 */
final class OpenVswitchDaemon {
  private static final Path SCHEMA = Path.of("/usr/share/openvswitch/vswitch.ovsschema");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Workbench bench;
  private final NetworkNamespace namespace;
  private final Path folder;
  private final Map<String, String> environment;

  private OpenVswitchDaemon(Workbench bench, NetworkNamespace namespace, Path folder) {
    this.bench = bench;
    this.namespace = namespace;
    this.folder = folder;
    String place = folder.toString();
    environment = Map.of("OVS_RUNDIR", place, "OVS_LOGDIR", place, "OVS_DBDIR", place);
  }

  static OpenVswitchDaemon start(Workbench bench, NetworkNamespace namespace, String name) {
    if (!Files.exists(SCHEMA)) {
      throw new BenchFailure(SCHEMA + " is missing: reinstall Debian package openvswitch-switch");
    }
    OpenVswitchDaemon daemon = new OpenVswitchDaemon(bench, namespace, bench.folder(name));
    daemon.startDatabase();
    daemon.startSwitch();
    return daemon;
  }

  private void startDatabase() {
    Path file = folder.resolve("conf.db");
    run(List.of(Tool.OVSDB_TOOL.program(), "create", file.toString(), SCHEMA.toString()));
    RunningProgram server =
        bench.start(
            namespace,
            List.of(
                Tool.OVSDB_SERVER.program(),
                file.toString(),
                "--remote=punix:" + socket(),
                "--unixctl=" + folder.resolve("ovsdb.ctl")),
            environment);
    server.awaitState("served its socket", PATIENCE, () -> Files.exists(socket()));
    run(List.of(Tool.OVS_VSCTL.program(), "--db=unix:" + socket(), "--no-wait", "init"));
  }

  private void startSwitch() {
    bench.start(
        namespace,
        List.of(
            Tool.OVS_VSWITCHD.program(),
            "unix:" + socket(),
            "--unixctl=" + folder.resolve("switch.ctl")),
        environment);
  }

  /** Changes the configuration and waits until the switch has followed. */
  void configure(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Tool.OVS_VSCTL.program());
    command.add("--db=unix:" + socket());
    command.add("--timeout=" + PATIENCE.toSeconds());
    command.addAll(List.of(arguments));
    run(command);
  }

  private void run(List<String> command) {
    try (RunningProgram program = bench.start(namespace, command, environment)) {
      program.await(PATIENCE.plusSeconds(1));
    }
  }

  private Path socket() {
    return folder.resolve("db.sock");
  }
}
