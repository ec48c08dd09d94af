package io.podwire.bench.nameserver;

import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Knot DNS: an authoritative server with the zone in a file; one UDP worker for each processor. */
public final class Knot implements NameServer {
  /** The server's name. */
  public static final String NAME = "knot";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "Knot DNS: authoritative, one zone file, its default number of workers";
  }

  @Override
  public Optional<String> missing() {
    return Tool.missing(Tool.KNOT);
  }

  @Override
  public void start(Workbench bench, NetworkNamespace namespace, ServiceNames names, int port) {
    ServerFiles files = new ServerFiles(bench, NAME);
    Path zone = files.write("zone", zone(names));
    Path configuration =
        files.write(
            "knot.conf",
            List.of(
                "server:",
                "    rundir: \"" + files.folder() + "\"",
                "    listen: 127.0.0.1@" + port,
                "log:",
                "  - target: stderr",
                "    any: warning",
                "database:",
                "    storage: \"" + files.folder() + "\"",
                "zone:",
                "  - domain: " + names.zone(),
                "    file: \"" + zone + "\"",
                "    zonefile-sync: -1",
                "    journal-content: none"));
    files.serve(
        namespace, port, List.of(Tool.KNOT.program(), "--config", configuration.toString()));
  }

  private static List<String> zone(ServiceNames names) {
    List<String> lines = new ArrayList<>();
    int ttl = ServiceNames.TIME_TO_LIVE;
    String zone = names.zone() + ".";
    lines.add(
        zone + " " + ttl + " SOA ns.dns." + zone + " hostmaster." + zone + " 1 7200 1800 86400 5");
    lines.add(zone + " " + ttl + " NS ns.dns." + zone);
    lines.add("ns.dns." + zone + " " + ttl + " A 127.0.0.1");
    names.addresses().forEach((name, address) -> lines.add(name + ". " + ttl + " A " + address));
    return lines;
  }
}
