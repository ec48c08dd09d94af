package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Route;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.testkit.cluster.Cluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A network namespace of a cluster in which this machine's programs are run. */
final class Machine implements AutoCloseable {

  private static final int LIMIT_SECONDS = 60;

  private final NetworkNamespace network;
  private final Path scratch;
  private final List<Process> programs = new ArrayList<>();

  private Machine(NetworkNamespace network, Path scratch) {
    this.network = network;
    this.scratch = scratch;
  }

  /** A node; numbers begin at 1. */
  static Machine node(Cluster cluster, int number, Path scratch) throws IOException {
    return new Machine(networkOf(cluster, "node-" + number + ".pid"), scratch);
  }

  /**
   * A new machine on the node network that is no node.
   *
   * @param addresses with their prefix lengths
   */
  static Machine outside(Cluster cluster, Path scratch, String... addresses) throws IOException {
    NetworkNamespace machine = NetworkNamespace.create();
    try (NetworkNamespace fabric = networkOf(cluster, "fabric.holder");
        Netlink here = Netlink.open(fabric);
        Netlink there = Netlink.open(machine)) {
      here.links().createVeth("outside", "eth0", machine);
      here.links().setMaster("outside", "underlay");
      here.links().setUp("outside");
      there.links().setUp("lo");
      for (String each : addresses) {
        int slash = each.indexOf('/');
        there
            .addresses()
            .add(
                "eth0",
                IpAddress.parse(each.substring(0, slash)),
                Integer.parseInt(each.substring(slash + 1)));
      }
      there.links().setUp("eth0");
    }
    return new Machine(machine, scratch);
  }

  /** A new machine with nothing but addresses that no link leads to. */
  static Machine apart(Path scratch, String... addresses) throws IOException {
    NetworkNamespace machine = NetworkNamespace.create();
    try (Netlink there = Netlink.open(machine)) {
      there.links().setUp("lo");
      for (String address : addresses) {
        IpAddress ip = IpAddress.parse(address);
        there.addresses().add("lo", ip, ip.bitLength());
      }
    }
    return new Machine(machine, scratch);
  }

  /** Where a cluster has its files. */
  static Path folder(Cluster cluster) throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<Path> folders = Files.list(temporary)) {
      return folders
          .map(folder -> folder.resolve("clusters").resolve(cluster.name()))
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow();
    }
  }

  /** The cluster says in files which of its processes is which. */
  private static NetworkNamespace networkOf(Cluster cluster, String file) throws IOException {
    String pid = Files.readString(folder(cluster).resolve("run").resolve(file)).strip();
    return NetworkNamespace.ofProcess(Long.parseLong(pid));
  }

  /** Gives it a way to a network: by a machine, or straight onto the link. */
  Machine reaching(String range, String... via) {
    try (Netlink netlink = Netlink.open(network)) {
      Cidr cidr = Cidr.parse(range);
      netlink
          .routes()
          .add(
              via.length == 0
                  ? Route.direct(cidr, "eth0")
                  : Route.via(cidr, IpAddress.parse(via[0])));
    }
    return this;
  }

  /** Starts a program, which ends with this at the latest. */
  Process start(Path output, String... command) throws IOException {
    Process process =
        network.call(() ->
            new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
    programs.add(process);
    return process;
  }

  /** What a program has written until its end, with its error stream. */
  String run(String... command) throws Exception {
    Path out = Files.createTempFile(scratch, "machine", ".txt");
    Process process = start(out, command);
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return Files.readString(out).strip();
  }

  /**
   * The different answers to so many requests over HTTP, or {@code exit CODE} of curl; without the
   * clients' ports.
   */
  Set<String> ask(int times, String url) throws Exception {
    Set<String> answers = new TreeSet<>();
    run("sh", "-c", loop(times, url))
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> answers.add(line.replaceAll(":\\d+$", "")));
    return answers;
  }

  /** As a shell's command, for a Pod. */
  static String loop(int times, String url) {
    return "i=0; while [ $i -lt %d ]; do curl -s -g -m 1 '%s' || echo \"exit $?\"; echo; i=$((i+1)); done"
        .formatted(times, url);
  }

  @Override
  public void close() throws InterruptedException {
    for (Process program : programs) {
      program.destroyForcibly().waitFor();
    }
    network.close();
  }
}
