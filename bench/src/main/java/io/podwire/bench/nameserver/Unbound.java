package io.podwire.bench.nameserver;

import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Unbound with the names as local data; a thread and a socket for each processor. */
public final class Unbound implements NameServer {
  private static final String NAME = "unbound";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "Unbound: local data, a thread with a socket of its own for each processor";
  }

  @Override
  public Optional<String> missing() {
    return Tool.missing(Tool.UNBOUND);
  }

  @Override
  public void start(Workbench bench, NetworkNamespace namespace, ServiceNames names, int port) {
    ServerFiles files = new ServerFiles(bench, NAME);
    List<String> lines =
        new ArrayList<>(
            List.of(
                "server:",
                "  interface: 127.0.0.1@" + port,
                "  port: " + port,
                "  do-daemonize: no",
                "  username: \"\"",
                "  chroot: \"\"",
                "  directory: \"" + files.folder() + "\"",
                "  pidfile: \"\"",
                "  use-syslog: no",
                "  num-threads: " + Runtime.getRuntime().availableProcessors(),
                "  so-reuseport: yes",
                "  access-control: 127.0.0.0/8 allow",
                "  module-config: \"iterator\"",
                "  local-zone: \"" + names.zone() + ".\" static"));
    names
        .addresses()
        .forEach((name, address) ->
            lines.add(
                "  local-data: \""
                    + name
                    + ". "
                    + ServiceNames.TIME_TO_LIVE
                    + " IN A "
                    + address
                    + "\""));
    lines.add("remote-control:");
    lines.add("  control-enable: no");
    Path configuration = files.write("unbound.conf", lines);
    files.serve(
        namespace, port, List.of(Tool.UNBOUND.program(), "-d", "-c", configuration.toString()));
  }
}
