package io.podwire.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.podwire.linux.ProcessNamespaces.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The system's processes as /proc shows them (proc(5)); each answer is a moment's. */
public final class ProcessTable {

  private static final int START_TIME_FIELD = 19;
  private static final int PARENT_FIELD = 1;
  private static final int STATE_FIELD = 0;
  private static final int MAX_ROUNDS = 20;

  private ProcessTable() {}

  /** The processes in the network namespace with that inode. */
  public static List<Long> inNetworkNamespace(long inode) {
    return inNamespace(Kind.NETWORK, inode);
  }

  /** The processes in the namespace of that kind with that inode. */
  public static List<Long> inNamespace(Kind kind, long inode) {
    return pids().filter(pid -> isInside(pid, kind, inode)).toList();
  }

  /** A process' arguments; empty where there is no such process. */
  public static List<String> arguments(long pid) {
    try {
      String line = Files.readString(Path.of("/proc/" + pid + "/cmdline"), ISO_8859_1);
      return line.isEmpty() ? List.of() : List.of(line.split("\0", -1));
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The children of a process. */
  public static List<Long> childrenOf(long parent) {
    return pids().filter(pid -> field(pid, PARENT_FIELD).orElse(-1) == parent).toList();
  }

  /**
   * When a process was started, in ticks since boot: together with its id it names one process
   * only. Empty where there is none, or only what is left of one that its parent has not collected.
   */
  public static OptionalLong startTime(long pid) {
    return isZombie(pid) ? OptionalLong.empty() : field(pid, START_TIME_FIELD);
  }

  /**
   * Kills every process in a network namespace, also those started meanwhile, and waits until they
   * have ended.
   *
   * @param secondsPerRound how long one round of killed processes may take to end
   * @return whether none is left
   */
  public static boolean killAllIn(long inode, int secondsPerRound) {
    return killAllIn(Kind.NETWORK, inode, secondsPerRound);
  }

  /** As above, for the namespace of that kind with that inode. */
  public static boolean killAllIn(Kind kind, long inode, int secondsPerRound) {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      List<Long> left = inNamespace(kind, inode);
      if (left.isEmpty()) {
        return true;
      }
      List<CompletableFuture<?>> exits = new ArrayList<>();
      for (long pid : left) {
        kill(pid, kind, inode).ifPresent(process -> exits.add(process.exit()));
      }
      if (!ended(exits, secondsPerRound)) {
        return false;
      }
    }
    return inNamespace(kind, inode).isEmpty();
  }

  private static Optional<ChildProcess> kill(long pid, Kind kind, long inode) {
    try {
      ChildProcess process = ChildProcess.adopt(pid);
      // The pidfd is held by now: a process that is inside is the one that the signal reaches.
      if (isInside(pid, kind, inode)) {
        process.signal(Signal.KILL);
        return Optional.of(process);
      }
    } catch (LinuxException e) {
      if (e.errno() != Errno.ESRCH && e.errno() != Errno.EINVAL) {
        throw e;
      }
    }
    return Optional.empty();
  }

  private static boolean ended(List<CompletableFuture<?>> exits, int seconds) {
    try {
      CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new))
          .get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for killed processes", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isInside(long pid, Kind kind, long inode) {
    try {
      return NetworkNamespace.inode(kind.link(pid)) == inode;
    } catch (IOException e) {
      // It has ended meanwhile, or is a zombie, which is in no namespace any more.
      return false;
    }
  }

  private static boolean isZombie(long pid) {
    return stat(pid).map(fields -> fields[STATE_FIELD].equals("Z")).orElse(true);
  }

  private static OptionalLong field(long pid, int index) {
    return stat(pid)
        .map(fields -> OptionalLong.of(Long.parseLong(fields[index])))
        .orElse(OptionalLong.empty());
  }

  /** The fields after the program's name, which may itself hold blanks and brackets. */
  private static Optional<String[]> stat(long pid) {
    try {
      String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The ids of all processes. */
  public static Stream<Long> pids() {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .map(path -> path.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::valueOf)
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException("reading /proc", e);
    }
  }
}
