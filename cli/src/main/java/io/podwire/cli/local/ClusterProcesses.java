package io.podwire.cli.local;

import io.podwire.linux.ChildProcess;
import io.podwire.linux.LinuxException;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.ProcessTable;
import io.podwire.linux.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * All processes of a local cluster, found by what they are rather than by what was written down.
 *
 * <p>A process belongs to the cluster if its environment carries the cluster's mark, or it holds a
 * Pod's namespaces, or it is a descendant of one that belongs, or it shares a network namespace
 * with one. So Pods' programs are found that cleared their environment, detached themselves or
 * outlived their agent.
 */
final class ClusterProcesses {
  private static final int MOST_ROUNDS = 50;
  private static final int SECONDS_PER_ROUND = 10;

  // What agents write into the arguments of the shells that hold a Pod and that run its programs,
  // followed by a path in their own folder.
  private static final List<String> POD_MARKS = List.of("podwire-pause", "podwire-run");

  private final ClusterHome home;
  private final byte[] mark;

  ClusterProcesses(ClusterHome home) {
    this.home = home;
    this.mark = (DaemonLauncher.MARKER + "=" + home.folder()).getBytes(StandardCharsets.UTF_8);
  }

  /** What one look at /proc shows of a process. */
  private record Seen(long pid, long parent, String networkNamespace, boolean marked) {}

  /** The members at this moment. */
  List<Long> members() {
    return members(Set.of()).stream().map(Seen::pid).toList();
  }

  private List<Seen> members(Set<String> knownNamespaces) {
    List<Seen> all = look();
    Set<String> foreign = foreignNamespaces();
    Set<String> namespaces = new HashSet<>(knownNamespaces);
    Set<Long> members = new HashSet<>();
    List<Seen> found = new ArrayList<>();
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Seen seen : all) {
        boolean belongs =
            seen.marked()
                || members.contains(seen.parent())
                || namespaces.contains(seen.networkNamespace());
        if (belongs && members.add(seen.pid())) {
          grown = true;
          found.add(seen);
          if (!foreign.contains(seen.networkNamespace())) {
            namespaces.add(seen.networkNamespace());
          }
        }
      }
    }
    return found;
  }

  /** The host's own namespace is no sign of belonging; nor is that of this command. */
  private static Set<String> foreignNamespaces() {
    Set<String> foreign = new HashSet<>();
    foreign.add("");
    foreign.add(networkNamespace(1));
    foreign.add(networkNamespace(ProcessHandle.current().pid()));
    return foreign;
  }

  /**
   * Kills every member, also those started meanwhile, and waits for their end.
   *
   * @param first killed and gone before all others: those that would start others again
   * @return whether none is left
   */
  boolean killAll(List<Long> first) {
    Set<Long> starters = new HashSet<>(first);
    // Held open, so that a namespace which is empty for a moment is still known, and its number is
    // nobody else's.
    Map<String, NetworkNamespace> namespaces = new HashMap<>();
    try {
      for (int round = 0; round < MOST_ROUNDS; round++) {
        List<Seen> members = members(namespaces.keySet());
        if (members.isEmpty()) {
          return true;
        }
        members.forEach(member -> hold(member, namespaces));
        List<Seen> next =
            members.stream().filter(member -> starters.contains(member.pid())).toList();
        if (!killAndWait(next.isEmpty() ? members : next)) {
          return false;
        }
      }
      return members(namespaces.keySet()).isEmpty();
    } finally {
      namespaces.values().forEach(NetworkNamespace::close);
    }
  }

  private static void hold(Seen member, Map<String, NetworkNamespace> namespaces) {
    String seen = member.networkNamespace();
    if (namespaces.containsKey(seen) || foreignNamespaces().contains(seen)) {
      return;
    }
    try {
      NetworkNamespace namespace = NetworkNamespace.ofProcess(member.pid());
      if (namespace.toString().equals(seen)) {
        namespaces.put(seen, namespace);
      } else {
        namespace.close();
      }
    } catch (LinuxException gone) {
      // Ended meanwhile; what else is in its namespace is looked at for itself.
    }
  }

  private static boolean killAndWait(List<Seen> members) {
    List<CompletableFuture<?>> exits = new ArrayList<>();
    for (Seen member : members) {
      kill(member.pid()).ifPresent(process -> exits.add(process.exit()));
    }
    return ended(exits);
  }

  private static Optional<ChildProcess> kill(long pid) {
    try {
      OptionalLong before = ProcessTable.startTime(pid);
      ChildProcess process = ChildProcess.adopt(pid);
      // Held by now: the same start time says that the id was not reused meanwhile.
      if (before.isPresent() && before.equals(ProcessTable.startTime(pid))) {
        process.signal(Signal.KILL);
        return Optional.of(process);
      }
      return Optional.empty();
    } catch (LinuxException gone) {
      return Optional.empty();
    }
  }

  private static boolean ended(List<CompletableFuture<?>> exits) {
    try {
      CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new))
          .get(SECONDS_PER_ROUND, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException | ExecutionException stuck) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<Seen> look() {
    Map<Long, Seen> seen = new HashMap<>();
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      entries
          .map(path -> path.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::valueOf)
          .filter(pid -> pid != ProcessHandle.current().pid())
          .forEach(pid -> look(pid).ifPresent(process -> seen.put(pid, process)));
    } catch (IOException failure) {
      throw new UncheckedIOException("reading /proc", failure);
    }
    return List.copyOf(seen.values());
  }

  private Optional<Seen> look(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 3);
      if (fields[0].equals("Z")) {
        return Optional.empty();
      }
      return Optional.of(
          new Seen(pid, Long.parseLong(fields[1]), networkNamespace(pid), isMarked(pid)));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static String networkNamespace(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")).toString();
    } catch (IOException hidden) {
      return "";
    }
  }

  private boolean isMarked(long pid) {
    try {
      return hasVariable(Files.readAllBytes(Path.of("/proc/" + pid + "/environ")), mark)
          || isOfPod(Files.readString(Path.of("/proc/" + pid + "/cmdline")), home.folder());
    } catch (IOException hidden) {
      return false;
    }
  }

  /**
   * Whether these arguments, ended by zeros, are those of a shell that one of our Pods began with.
   */
  static boolean isOfPod(String arguments, Path folder) {
    return POD_MARKS.stream()
        .anyMatch(mark -> arguments.contains("\0" + mark + "\0" + folder + "/"));
  }

  /** Whether an environment, variables ended by zeros, has exactly this one. */
  static boolean hasVariable(byte[] environment, byte[] variable) {
    int start = 0;
    for (int i = 0; i <= environment.length; i++) {
      if (i == environment.length || environment[i] == 0) {
        if (Arrays.equals(environment, start, i, variable, 0, variable.length)) {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }
}
