package io.podwire.agent.pod;

import io.podwire.linux.ChildProcess;
import io.podwire.linux.LinuxException;
import io.podwire.linux.ProcessSpawner;
import io.podwire.linux.ProcessTable;
import io.podwire.linux.Signal;
import io.podwire.linux.Stdio;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A container's program under a shell that writes its exit code to a file, so that the code is
 * known also where the agent was away.
 *
 * <p>Methods block; thread-safe.
 */
final class ContainerProcess {

  /** The exit code of a program that was killed without leaving one. */
  static final int KILLED = 128 + 9;

  /** In the supervisor's arguments, before the path of the exit code's file. */
  static final String RUN_MARK = "podwire-run";

  // The shell catches what is meant for the program, which is its child and gets it by itself.
  private static final String SUPERVISOR_SCRIPT =
      "trap : TERM INT HUP; f=$1; shift; \"$@\"; code=$?; echo $code >\"$f\"; exit $code";
  private static final int KEPT_LOGS = 2;

  private final ContainerRecord record;
  private final ChildProcess supervisor;
  private final Path exitFile;

  private ContainerProcess(ContainerRecord record, ChildProcess supervisor, Path exitFile) {
    this.record = record;
    this.supervisor = supervisor;
    this.exitFile = exitFile;
  }

  /** Starts run number {@code run} in the sandbox and writes down where it is. */
  static ContainerProcess start(
      PodSandbox sandbox, PodFolder folder, String name, ContainerProgram program, int run) {
    folder.create(folder.container(name));
    Path exitFile = folder.exitCode(name, run);
    try {
      Files.deleteIfExists(exitFile);
      Files.deleteIfExists(folder.log(name, run - KEPT_LOGS));
      Files.deleteIfExists(folder.exitCode(name, run - KEPT_LOGS));
    } catch (IOException e) {
      throw new UncheckedIOException("preparing container " + name, e);
    }
    Stdio log = new Stdio.File(folder.log(name, run).toString(), true);
    ChildProcess supervisor =
        sandbox.start(() -> {
          List<String> command = new ArrayList<>();
          command.addAll(
              List.of("/bin/sh", "-c", SUPERVISOR_SCRIPT, RUN_MARK, exitFile.toString()));
          command.add(ProcessSpawner.locate(program.command().getFirst(), program.environment()));
          command.addAll(program.command().subList(1, program.command().size()));
          return new ProcessSpawner(command)
              .environment(program.environment())
              .directory(program.directory().isEmpty() ? "/" : program.directory())
              .output(log)
              .error(log)
              .newSession(true)
              .start();
        });
    long start = ProcessTable.startTime(supervisor.pid()).orElse(-1);
    ContainerRecord record = new ContainerRecord(run, supervisor.pid(), start);
    record.write(folder.containerState(name));
    return new ContainerProcess(record, supervisor, exitFile);
  }

  /** Takes over one that an earlier agent started; empty where it has ended. */
  static Optional<ContainerProcess> adopt(PodFolder folder, String name, ContainerRecord record) {
    if (!isAlive(record)) {
      return Optional.empty();
    }
    try {
      ChildProcess supervisor = ChildProcess.adopt(record.pid());
      // Again, as the id may have passed to another meanwhile.
      return isAlive(record)
          ? Optional.of(
              new ContainerProcess(record, supervisor, folder.exitCode(name, record.run())))
          : Optional.empty();
    } catch (LinuxException e) {
      return Optional.empty();
    }
  }

  private static boolean isAlive(ContainerRecord record) {
    return record.start() >= 0 && ProcessTable.startTime(record.pid()).orElse(-1) == record.start();
  }

  int run() {
    return record.run();
  }

  /** Runs once it has ended, on a thread that must not be kept. */
  void whenEnded(Runnable then) {
    supervisor.whenEnded(then);
  }

  /** Of the ended program; 128 + n after signal n. */
  int exitCode() {
    OptionalInt seen = supervisor.exit().getNow(OptionalInt.empty());
    return seen.isPresent() ? seen.getAsInt() : exitCode(exitFile);
  }

  /** As the supervisor wrote it; {@link #KILLED} where it could not. */
  static int exitCode(Path exitFile) {
    try {
      return Integer.parseInt(Files.readString(exitFile).strip());
    } catch (IOException | NumberFormatException e) {
      return KILLED;
    }
  }

  /** Asks the program, not what it started itself, to end. */
  void terminate() {
    signal(Signal.TERM);
  }

  /** Kills the program, not what it started itself. */
  void kill() {
    signal(Signal.KILL);
  }

  private void signal(Signal signal) {
    for (long pid : ProcessTable.childrenOf(supervisor.pid())) {
      try {
        ChildProcess.adopt(pid).signal(signal);
      } catch (LinuxException alreadyEnded) {
        // Which is what was wanted.
      }
    }
  }
}
