package io.podwire.agent.pod;

import io.podwire.cluster.model.Pod;
import io.podwire.linux.ChildProcess;
import io.podwire.linux.Fifo;
import io.podwire.linux.LinuxException;
import io.podwire.linux.Mounts;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.ProcessNamespaces;
import io.podwire.linux.ProcessNamespaces.Kind;
import io.podwire.linux.ProcessSpawner;
import io.podwire.linux.ProcessTable;
import io.podwire.linux.Route;
import io.podwire.linux.Signal;
import io.podwire.linux.Sysctl;
import io.podwire.linux.Tap;
import io.podwire.netstack.gateway.GatewayConfig;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Pod's network, mount and UTS namespaces, held by a pause process that outlives the agent.
 *
 * <p>eth0 is a persistent TAP: while no agent is attached it has no carrier, but keeps its
 * addresses and routes, so that connections of the Pod survive. Methods block; thread-safe.
 */
public final class PodSandbox {

  static final String INTERFACE = "eth0";

  /** In the pause process' arguments, before the path of its FIFO. */
  static final String PAUSE_MARK = "podwire-pause";

  // Opened for both directions the FIFO never ends, so the shell waits without waking up.
  private static final String PAUSE_SCRIPT =
      "trap : TERM HUP INT; exec 3<>\"$1\"; while ! read -r line <&3; do :; done";
  private static final int KILL_SECONDS = 10;

  private final SandboxRecord record;
  private final ChildProcess holder;
  private final @Nullable Tap tap;

  private PodSandbox(SandboxRecord record, ChildProcess holder, @Nullable Tap tap) {
    this.record = record;
    this.holder = holder;
    this.tap = tap;
  }

  /** Makes one and writes down where it is. */
  static PodSandbox create(PodFolder folder, Pod pod, IpAddress ip, NodeNetwork network) {
    boolean hostNetwork = pod.spec().hostNetwork();
    prepare(folder, pod, ip, network);
    Set<Kind> kinds = hostNetwork ? EnumSet.of(Kind.MOUNT) : EnumSet.allOf(Kind.class);
    PodSandbox sandbox =
        ProcessNamespaces.createAndCall(
            kinds,
            () -> {
              mountResolution(folder);
              Tap tap = hostNetwork ? null : furnish(folder, pod, ip, network);
              try {
                return started(folder, pod, ip, tap);
              } catch (RuntimeException e) {
                if (tap != null) {
                  tap.close();
                }
                throw e;
              }
            });
    try {
      sandbox.record.write(folder.sandbox());
      return sandbox;
    } catch (RuntimeException e) {
      sandbox.destroy();
      throw e;
    }
  }

  private static void prepare(PodFolder folder, Pod pod, IpAddress ip, NodeNetwork network) {
    folder.create(folder.path());
    String zone = network.zone();
    try {
      Files.deleteIfExists(folder.fifo());
      Files.writeString(
          folder.etc("resolv.conf"),
          EtcFiles.resolver(pod, zone, network.dnsAddress(), network.ownResolver()).text());
      Files.writeString(
          folder.etc("hosts"),
          EtcFiles.hosts(pod, network.addresses(ip), zone, network.ownHosts()));
      Files.writeString(folder.etc("hostname"), EtcFiles.hostnameFile(pod, zone));
    } catch (IOException e) {
      throw new UncheckedIOException("preparing " + folder.path(), e);
    }
    Fifo.create(folder.fifo());
  }

  /** On a thread inside the new namespaces. */
  private static void mountResolution(PodFolder folder) {
    Mounts.bindOver(folder.etc("hosts"), Path.of("/etc/hosts"));
    if (!Mounts.bindOver(folder.etc("resolv.conf"), Path.of("/etc/resolv.conf"))) {
      throw new IllegalStateException(
          "/etc/resolv.conf is missing on this machine, so Pods cannot have one of their own;"
              + " create an empty file");
    }
  }

  /** On a thread inside the new namespaces. */
  private static Tap furnish(PodFolder folder, Pod pod, IpAddress ip, NodeNetwork network) {
    ProcessNamespaces.setHostname(EtcFiles.kernelHostname(pod, network.zone()));
    Mounts.bindOver(folder.etc("hostname"), Path.of("/etc/hostname"));
    setIpv6(network);
    Sysctl.writeIfPresent("net.ipv4.ping_group_range", everyGroup());
    Sysctl.writeIfPresent("net.ipv4.ip_unprivileged_port_start", "0");
    Tap tap = Tap.open(INTERFACE);
    try (Netlink netlink = Netlink.open()) {
      tap.setPersistent(true);
      netlink.links().setUp("lo");
      netlink.links().setMac(INTERFACE, MacAddress.of(ip));
      netlink.links().setMtu(INTERFACE, network.mtu());
      netlink.links().setSegmentationLimit(INTERFACE, network.segmentationLimit());
      List<IpAddress> addresses = network.addresses(ip);
      for (int i = 0; i < addresses.size(); i++) {
        int prefixLength = network.families().get(i).podCidr().prefixLength();
        netlink.addresses().add(INTERFACE, addresses.get(i), prefixLength);
      }
      netlink.links().setUp(INTERFACE);
      for (GatewayConfig.Family family : network.families()) {
        netlink.routes().replace(Route.defaultVia(family.gateway()).through(INTERFACE));
      }
      return tap;
    } catch (RuntimeException e) {
      tap.close();
      throw e;
    }
  }

  /** Before eth0 is there, which takes the default settings. */
  private static void setIpv6(NodeNetwork network) {
    boolean used = network.families().stream().anyMatch(family -> !family.isIpv4());
    if (!used) {
      Sysctl.writeIfPresent("net.ipv6.conf.default.disable_ipv6", "1");
      return;
    }
    for (String link : List.of("default", "lo")) {
      Sysctl.write("net.ipv6.conf." + link + ".disable_ipv6", "0");
    }
    // The addresses are given, and nobody else can have them: no time is lost with asking.
    Sysctl.write("net.ipv6.conf.default.accept_dad", "0");
    Sysctl.write("net.ipv6.conf.default.accept_ra", "0");
    Sysctl.write("net.ipv6.conf.default.addr_gen_mode", "0");
  }

  /** All groups of this user namespace: the kernel refuses a range with ones it does not map. */
  private static String everyGroup() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/gid_map"))) {
      String[] first = lines.findFirst().orElse("0 0 1").strip().split("\\s+");
      long from = Long.parseLong(first[0]);
      long to = Math.min(from + Long.parseLong(first[2]) - 1, Integer.MAX_VALUE);
      return from + "\t" + to;
    } catch (IOException e) {
      throw new UncheckedIOException("reading this process' groups", e);
    }
  }

  private static PodSandbox started(PodFolder folder, Pod pod, IpAddress ip, @Nullable Tap tap) {
    ChildProcess holder =
        new ProcessSpawner(
                List.of(
                    "/bin/sh",
                    "-c",
                    PAUSE_SCRIPT,
                    PAUSE_MARK,
                    folder.fifo().toString(),
                    pod.key().toString()))
            .directory("/")
            .newSession(true)
            .start();
    try {
      return new PodSandbox(recordOf(pod, ip, holder), holder, tap);
    } catch (RuntimeException e) {
      holder.signal(Signal.KILL);
      throw e;
    }
  }

  private static SandboxRecord recordOf(Pod pod, IpAddress ip, ChildProcess holder) {
    boolean hostNetwork = pod.spec().hostNetwork();
    return new SandboxRecord(
        pod.key(),
        pod.uid(),
        hostNetwork,
        ip,
        holder.pid(),
        ProcessTable.startTime(holder.pid())
            .orElseThrow(() -> new IllegalStateException("the pause process has ended at once")),
        ProcessNamespaces.inode(kind(hostNetwork), holder.pid()),
        SandboxRecord.currentBootId(),
        pod.gracePeriodSeconds());
  }

  /**
   * Takes over one that an earlier agent made.
   *
   * @return empty where its pause process is gone
   */
  static Optional<PodSandbox> adopt(SandboxRecord record) {
    if (!isAlive(record)) {
      return Optional.empty();
    }
    ChildProcess holder;
    try {
      holder = ChildProcess.adopt(record.holderPid());
    } catch (LinuxException e) {
      return Optional.empty();
    }
    // Checked again: between the first look and the pidfd the id may have passed to another.
    if (!isAlive(record)) {
      return Optional.empty();
    }
    Tap tap =
        record.hostNetwork()
            ? null
            : ProcessNamespaces.callIn(record.holderPid(), () -> Tap.open(INTERFACE));
    return Optional.of(new PodSandbox(record, holder, tap));
  }

  private static boolean isAlive(SandboxRecord record) {
    OptionalLong start = ProcessTable.startTime(record.holderPid());
    return record.bootId().equals(SandboxRecord.currentBootId())
        && start.isPresent()
        && start.getAsLong() == record.holderStart()
        && ProcessNamespaces.inode(kind(record.hostNetwork()), record.holderPid())
            == record.namespace();
  }

  private static Kind kind(boolean hostNetwork) {
    return hostNetwork ? Kind.MOUNT : Kind.NETWORK;
  }

  SandboxRecord record() {
    return record;
  }

  /** The pause process; its end is the end of the Pod. */
  ChildProcess holder() {
    return holder;
  }

  /** None with host network. */
  Optional<Tap> tap() {
    return Optional.ofNullable(tap);
  }

  IpAddress ip() {
    return record.ip();
  }

  MacAddress mac() {
    return MacAddress.of(record.ip());
  }

  /**
   * Starts a program on a thread inside the Pod's namespaces; never one that outlives the Pod.
   *
   * @param starting describes and starts it
   */
  public ChildProcess start(NetworkNamespace.Work<ChildProcess, RuntimeException> starting) {
    ChildProcess started = call(starting);
    // While the pause process lives, a later end of the Pod finds the program; else none would.
    if (!isAlive(record)) {
      destroy();
      throw new IllegalStateException("Pod " + record.pod() + " has ended");
    }
    return started;
  }

  /** Runs work on a thread inside the Pod's namespaces. */
  <T extends @Nullable Object, X extends Exception> T call(NetworkNamespace.Work<T, X> work)
      throws X {
    return ProcessNamespaces.callIn(holder.pid(), work);
  }

  /** Lets go of the TAP and leaves the Pod running, for the next agent. */
  void release() {
    if (tap != null) {
      tap.close();
    }
  }

  /** Kills everything inside; with the last process the namespaces and eth0 vanish. */
  void destroy() {
    release();
    holder.signal(Signal.KILL);
    if (!ProcessTable.killAllIn(kind(record.hostNetwork()), record.namespace(), KILL_SECONDS)) {
      throw new IllegalStateException(
          "processes of Pod "
              + record.pod()
              + " do not end: "
              + ProcessTable.inNamespace(kind(record.hostNetwork()), record.namespace()));
    }
  }
}
