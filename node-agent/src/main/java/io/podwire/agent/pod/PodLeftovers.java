package io.podwire.agent.pod;

import io.podwire.linux.LinuxException;
import io.podwire.linux.ProcessNamespaces;
import io.podwire.linux.ProcessNamespaces.Kind;
import io.podwire.linux.ProcessTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods that no agent looks after any more.
 *
 * <p>Methods block.
 */
public final class PodLeftovers {

  private static final Logger LOG = LoggerFactory.getLogger(PodLeftovers.class);
  private static final int KILL_SECONDS = 10;
  private static final int MARK_ARGUMENT = 3;
  private static final int FILE_ARGUMENT = 4;
  private static final int MAX_ROUNDS = 5;

  private PodLeftovers() {}

  /**
   * Ends every Pod of a node whose agent has ended, and removes their files.
   *
   * <p>Also programs whose sandbox is gone already: the agent may have started one again just
   * before it ended itself.
   */
  public static void removeAll(Path state) {
    Path pods = state.resolve("pods");
    List<Long> left = marked(pods, PodSandbox.PAUSE_MARK, ContainerProcess.RUN_MARK);
    for (int round = 0; !left.isEmpty() && round < MAX_ROUNDS; round++) {
      left.forEach(PodLeftovers::killNamespaceOf);
      left = marked(pods, PodSandbox.PAUSE_MARK, ContainerProcess.RUN_MARK);
    }
    if (!left.isEmpty()) {
      throw new IllegalStateException("processes of Pods below " + pods + " do not end: " + left);
    }
    PodFolder.list(pods).forEach(PodFolder::delete);
  }

  /** Ends sandboxes that were made but not written down, as their agent was killed in between. */
  static void removeUnrecorded(Path pods) {
    Set<Long> recorded = new HashSet<>();
    for (PodFolder folder : PodFolder.list(pods)) {
      SandboxRecord.read(folder.sandbox()).ifPresent(record -> recorded.add(record.holderPid()));
    }
    for (long pid : marked(pods, PodSandbox.PAUSE_MARK)) {
      if (!recorded.contains(pid)) {
        LOG.warn("ending process {}, the rest of a Pod that was not finished", pid);
        killNamespaceOf(pid);
      }
    }
  }

  /** Ends what is left of a recorded sandbox; the containers' records stay. */
  static void kill(PodFolder folder, SandboxRecord record) {
    Kind kind = record.hostNetwork() ? Kind.MOUNT : Kind.NETWORK;
    // The inode may be another's by now: only where a process of this Pod is still inside.
    boolean known =
        record.bootId().equals(SandboxRecord.currentBootId())
            && ProcessTable.inNamespace(kind, record.namespace()).stream()
                .anyMatch(pid -> belongs(folder, record, pid));
    if (known && !ProcessTable.killAllIn(kind, record.namespace(), KILL_SECONDS)) {
      throw new IllegalStateException("processes of Pod " + record.pod() + " do not end");
    }
    try {
      Files.deleteIfExists(folder.sandbox());
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + folder.sandbox(), e);
    }
  }

  private static boolean belongs(PodFolder folder, SandboxRecord record, long pid) {
    boolean holder =
        pid == record.holderPid() && ProcessTable.startTime(pid).orElse(-1) == record.holderStart();
    return holder
        || ProcessTable.arguments(pid).stream()
            .anyMatch(argument -> argument.startsWith(folder.path() + "/"));
  }

  /** The processes started by agents on this folder that carry one of these marks. */
  private static List<Long> marked(Path pods, String... marks) {
    return ProcessTable.pids()
        .filter(pid -> {
          List<String> arguments = ProcessTable.arguments(pid);
          return arguments.size() > FILE_ARGUMENT
              && List.of(marks).contains(arguments.get(MARK_ARGUMENT))
              && Path.of(arguments.get(FILE_ARGUMENT)).startsWith(pods);
        })
        .toList();
  }

  /** By the mount namespace, which every Pod has of its own. */
  private static void killNamespaceOf(long pid) {
    try {
      long inode = ProcessNamespaces.inode(Kind.MOUNT, pid);
      if (inode == ProcessNamespaces.inode(Kind.MOUNT, ProcessHandle.current().pid())) {
        return;
      }
      ProcessTable.killAllIn(Kind.MOUNT, inode, KILL_SECONDS);
    } catch (LinuxException alreadyEnded) {
      LOG.debug("process {} has ended by itself", pid);
    }
  }
}
