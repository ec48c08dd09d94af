package io.podwire.testkit.cluster;

import io.podwire.testkit.topology.Manifest;
import io.podwire.testkit.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The processes of one cluster, from the first to the last. Thread-safe. */
final class ClusterProcess implements ClusterPrograms {
  /** Beyond the start's own limit: a launcher of a source tree may have to build first. */
  private static final Duration EXTRA = Duration.ofMinutes(5);

  private static final Duration RESTART = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(60);

  private final Launcher launcher;
  private final StateFolder state;
  private final Reaper reaper;
  private final long began;

  private ClusterProcess(Launcher launcher, StateFolder state, Reaper reaper, long began) {
    this.launcher = launcher;
    this.state = state;
    this.reaper = reaper;
    this.began = began;
  }

  /** Starts one and waits until all of it is Ready; a failure leaves nothing behind but logs. */
  static ClusterProcess start(Launcher launcher, Topology topology) {
    StateFolder state = StateFolder.create();
    Reaper reaper = Reaper.start(launcher, state);
    long began = System.nanoTime();
    try {
      Launcher.Result up =
          launcher.run(state, topology.startLimit().plus(EXTRA), up(state, topology));
      if (up.exitCode() != 0) {
        throw new ClusterFailure("the cluster did not start: " + up.message());
      }
      return new ClusterProcess(launcher, state, reaper, began);
    } catch (RuntimeException | Error failure) {
      remove(launcher, state, reaper);
      throw failure;
    }
  }

  private static List<String> up(StateFolder state, Topology topology) {
    List<String> words = new ArrayList<>(List.of("up", "--name", state.name()));
    words.addAll(List.of("--nodes", Integer.toString(topology.nodes())));
    words.addAll(List.of("--timeout", Long.toString(topology.startLimit().toSeconds())));
    topology.options().forEach((option, value) -> words.addAll(List.of(option, value)));
    int number = 0;
    for (Manifest manifest : topology.everything()) {
      String file = String.valueOf(Path.of(manifest.source()).getFileName());
      Path path = state.home().resolve("manifest-" + ++number + "-" + file);
      try {
        Files.writeString(path, manifest.text());
      } catch (IOException failure) {
        throw new ClusterFailure(path + " cannot be written: " + failure.getMessage(), failure);
      }
      words.addAll(List.of("-f", path.toString()));
    }
    return words;
  }

  StateFolder state() {
    return state;
  }

  @Override
  public String name() {
    return state.name();
  }

  @Override
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @Override
  public Path captures() {
    return state.captures();
  }

  @Override
  public List<String> logTail(String program, int lines) {
    return state.logTail(program, lines);
  }

  @Override
  public void copyLogs(Path logs, Path pods) throws IOException {
    Evidence.copy(state.logs(), logs, ".log");
    Evidence.copy(state.nodes(), pods, ".log");
  }

  @Override
  public void restart(String node) {
    List<String> words = List.of("node", "restart", node, "--name", state.name());
    Launcher.Result result = launcher.run(state, RESTART, words);
    if (result.exitCode() != 0) {
      throw new ClusterFailure(result.message());
    }
  }

  @Override
  public void signal(String node, String signal) {
    try {
      long pid = Long.parseLong(Files.readString(state.pid(node)).strip());
      int exit =
          new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (exit != 0) {
        throw new ClusterFailure("the agent of " + node + " (process " + pid + ") has gone");
      }
    } catch (IOException | NumberFormatException absent) {
      throw new ClusterFailure("the agent of " + node + " is not running", absent);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ClusterFailure("interrupted", stopped);
    }
  }

  @Override
  public void remove() {
    remove(launcher, state, reaper);
  }

  /** What cannot be removed now is left to the reaper, which tries on when this JVM has ended. */
  private static void remove(Launcher launcher, StateFolder state, Reaper reaper) {
    if (Files.exists(state.home().resolve("clusters"))) {
      Launcher.Result down = launcher.run(state, STOP, List.of("down", "--name", state.name()));
      if (down.exitCode() != 0) {
        throw new ClusterFailure("the cluster could not be removed: " + down.message());
      }
    }
    state.delete();
    reaper.dismiss();
  }
}
