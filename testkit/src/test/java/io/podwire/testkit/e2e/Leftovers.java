package io.podwire.testkit.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a cluster may leave behind on the machine: processes, namespaces, links and mounts. */
record Leftovers(Set<String> namespaces, Set<String> links, Set<String> mounts) {

  static Leftovers now() throws IOException {
    return new Leftovers(listNamespaces(), listLinks(), listMounts());
  }

  /** What is here now and was not before. */
  Leftovers since(Leftovers before) {
    return new Leftovers(
        minus(namespaces, before.namespaces),
        minus(links, before.links),
        minus(mounts, before.mounts));
  }

  boolean isEmpty() {
    return namespaces.isEmpty() && links.isEmpty() && mounts.isEmpty();
  }

  private static Set<String> minus(Set<String> all, Set<String> known) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(known);
    return rest;
  }

  /** The network namespaces that processes are in; a process left behind keeps its own. */
  private static Set<String> listNamespaces() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.filter(path -> isNumber(path.getFileName())).toList()) {
        try {
          found.add(Files.readSymbolicLink(process.resolve("ns/net")).toString());
        } catch (IOException gone) {
          // The process has ended since.
        }
      }
    }
    return found;
  }

  private static boolean isNumber(Path name) {
    return name.toString().chars().allMatch(Character::isDigit);
  }

  private static Set<String> listLinks() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/sys/class/net"))) {
      return all.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static Set<String> listMounts() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines.map(line -> line.split(" ")[4]).collect(Collectors.toSet());
    }
  }
}
