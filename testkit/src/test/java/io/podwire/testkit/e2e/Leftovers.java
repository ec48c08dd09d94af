package io.podwire.testkit.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a cluster leaves behind on the machine: processes that know its state folder or share a
 * network namespace with one that did, links in this namespace, mounts of its files, and sockets.
 *
 * <p>Whatever else goes on on the machine does not count.
 */
public final class Leftovers {

  private final String home;
  private final Set<String> linksBefore;
  private final Set<String> namespaces = new HashSet<>();

  /** Before the cluster starts. */
  public Leftovers(Path home) throws IOException {
    this.home = home.toString();
    this.linksBefore = links();
  }

  /** While the cluster runs: remembers the namespaces that its processes are in. */
  public void observe() throws IOException {
    String own = namespace(Path.of("/proc/self"));
    for (Path process : processes()) {
      if (knowsHome(process) && !namespace(process).equals(own)) {
        namespaces.add(namespace(process));
      }
    }
  }

  /** How many namespaces have been seen: none would make the check below pass on nothing. */
  int observedNamespaces() {
    return namespaces.size();
  }

  /** After the cluster has gone; empty is good. */
  public List<String> remaining() throws IOException {
    List<String> remaining = new ArrayList<>();
    for (Path process : processes()) {
      boolean ours = process.endsWith(Long.toString(ProcessHandle.current().pid()));
      if (!ours && (namespaces.contains(namespace(process)) || knowsHome(process))) {
        remaining.add("process " + process.getFileName() + " " + read(process.resolve("cmdline")));
      }
    }
    links().stream()
        .filter(link -> !linksBefore.contains(link))
        .filter(link -> link.startsWith("podwire") || link.startsWith("underlay"))
        .forEach(link -> remaining.add("link " + link));
    read(Path.of("/proc/self/mountinfo"))
        .lines()
        .filter(line -> line.contains(home))
        .forEach(line -> remaining.add("mount " + line));
    read(Path.of("/proc/self/net/unix"))
        .lines()
        .filter(line -> line.contains(home))
        .forEach(line -> remaining.add("socket " + line));
    return remaining;
  }

  private static List<Path> processes() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(path -> path.getFileName().toString().matches("[0-9]+")).toList();
    }
  }

  private boolean knowsHome(Path process) {
    return read(process.resolve("environ")).contains(home)
        || read(process.resolve("cmdline")).contains(home);
  }

  private static String namespace(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("ns/net")).toString();
    } catch (IOException ended) {
      return "";
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ');
    } catch (IOException ended) {
      return "";
    }
  }

  private static Set<String> links() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/sys/class/net"))) {
      return all.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
