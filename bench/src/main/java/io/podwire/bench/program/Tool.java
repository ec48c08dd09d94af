package io.podwire.bench.program;

import io.podwire.linux.LinuxException;
import io.podwire.linux.ProcessSpawner;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program of the machine that benchmarks use, and the Debian package that brings it. */
public enum Tool {
  IPERF3("iperf3", "iperf3", "--version"),
  PING("ping", "iputils-ping", "-V"),
  DNSPERF("dnsperf", "dnsperf"),
  OVS_VSWITCHD("ovs-vswitchd", "openvswitch-switch", "--version"),
  OVSDB_SERVER("ovsdb-server", "openvswitch-switch"),
  OVSDB_TOOL("ovsdb-tool", "openvswitch-common"),
  OVS_VSCTL("ovs-vsctl", "openvswitch-switch"),
  KNOT("knotd", "knot", "--version"),
  UNBOUND("unbound", "unbound", "-V"),
  DNSMASQ("dnsmasq", "dnsmasq-base", "--version");

  /** Where programs are looked for: servers live in sbin. */
  public static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C");

  private final String program;
  private final String debianPackage;
  private final List<String> versionArguments;

  Tool(String program, String debianPackage, String... versionArguments) {
    this.program = program;
    this.debianPackage = debianPackage;
    this.versionArguments = List.of(versionArguments);
  }

  /** The program's name. */
  public String program() {
    return program;
  }

  /** What makes the program print its version; empty where another tool's version says it. */
  public List<String> versionArguments() {
    return versionArguments;
  }

  /** Its path, or nothing where it is not installed. */
  public Optional<String> path() {
    try {
      return Optional.of(ProcessSpawner.locate(program, ENVIRONMENT));
    } catch (LinuxException absent) {
      return Optional.empty();
    }
  }

  /** What a person has to do; empty where all of the tools are there. */
  public static Optional<String> missing(Tool... tools) {
    List<String> lines =
        List.of(tools).stream()
            .filter(tool -> tool.path().isEmpty())
            .map(tool -> tool.program + " (Debian package " + tool.debianPackage + ")")
            .toList();
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of("not installed: " + String.join(", ", lines));
  }
}
