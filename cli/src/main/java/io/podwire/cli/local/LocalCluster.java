package io.podwire.cli.local;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.linux.ChildProcess;
import io.podwire.linux.Signal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A cluster on this machine that is running, or may be. */
public final class LocalCluster {
  private final ClusterHome home;

  /** The cluster of that home. */
  public LocalCluster(ClusterHome home) {
    this.home = home;
  }

  /** One of the cluster's programs; {@code pid} is 0 where it is not running. */
  public record Program(String name, long pid, boolean ready, int ended) {}

  /** What was started; a failure where nothing was. */
  public ClusterRecord record() {
    return ClusterRecord.read(home.record())
        .orElseThrow(() ->
            new CommandFailure(
                "cluster \""
                    + home.name()
                    + "\" is not running: start it with 'podwire up"
                    + (home.name().equals(ClusterHome.DEFAULT_NAME)
                        ? "'"
                        : " --name " + home.name() + "'")));
  }

  /** The programs and whether they serve. */
  public List<Program> programs() {
    List<Program> programs = new ArrayList<>();
    for (String name : record().daemons()) {
      programs.add(
          new Program(
              name,
              RunFiles.program(home, name).orElse(0),
              Files.exists(home.readyFile(name)),
              RunFiles.exits(home, name).size()));
    }
    return programs;
  }

  /** The process that keeps the namespace of a program or of the fabric. */
  public long namespaceHolder(String name) {
    return RunFiles.pid(DaemonLauncher.holderFile(home, name))
        .orElseThrow(
            () -> new CommandFailure("the namespace of " + name + " is gone: 'podwire status'"));
  }

  /**
   * Removes the cluster.
   *
   * @return false where there was nothing to remove
   */
  public boolean remove(boolean keepLogs) {
    if (!Files.exists(home.folder())) {
      return false;
    }
    try (ClusterLock _ = ClusterLock.take(home)) {
      ClusterRemoval.run(home, keepLogs);
      return true;
    }
  }

  /**
   * Kills a node's agent; the supervisor starts it again, and its Pods run on.
   *
   * @return the new process id, once the agent serves
   */
  public long restartNode(String node, Duration patience) {
    if (!record().nodes().contains(node)) {
      throw new CommandFailure(
          "NODE \""
              + node
              + "\" is not in cluster \""
              + home.name()
              + "\": it has "
              + String.join(", ", record().nodes()),
          ExitCode.USAGE,
          null);
    }
    OptionalLong before = RunFiles.program(home, node);
    BlockingQueue<String> changes = new LinkedBlockingQueue<>();
    long deadline = System.nanoTime() + patience.toNanos();
    try (RunFolderWatch _ = new RunFolderWatch(home.run(), changes::add)) {
      before.ifPresent(pid -> ChildProcess.adopt(pid).signal(Signal.KILL));
      while (true) {
        OptionalLong now = RunFiles.program(home, node);
        if (now.isPresent() && !now.equals(before) && Files.exists(home.readyFile(node))) {
          return now.getAsLong();
        }
        if (changes.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS) == null) {
          throw new CommandFailure(
              node
                  + " is not back after "
                  + patience.toSeconds()
                  + " s; its log: "
                  + home.log(node));
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", ExitCode.INTERRUPTED, stopped);
    }
  }
}
