package io.podwire.agent.pod;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.PodSpec.RestartPolicy;
import io.podwire.cluster.model.PodStatus.ContainerStatus;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one container of a Pod running as its restart policy says.
 *
 * <p>Not thread-safe; confined to the fleet's thread.
 */
final class ContainerRunner {

  // As containerd reports a program that could not be started.
  private static final int START_ERROR = 128;
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  // How soon after a fault's end it runs again.
  private static final Duration FAILURE_STEP = Duration.ofMillis(100);

  private enum State {
    WAITING,
    STARTING,
    RUNNING,
    BACKING_OFF,
    ENDED
  }

  private final PodRunner pod;
  private final FleetThread thread;
  private final Container container;
  private RestartBackoff backoff = new RestartBackoff();
  private State state = State.WAITING;
  private int run;
  private int exitCode = -1;
  private String reason = "ContainerCreating";
  private String message = "";
  private boolean started;
  private boolean stopping;
  private boolean failing;
  private long startedAt;
  // A result of work begun before this changed is of a sandbox that is no more.
  private int generation;
  private @Nullable ContainerProcess process;
  private @Nullable Readiness readiness;
  private FleetThread.@Nullable Timer timer;

  ContainerRunner(PodRunner pod, FleetThread thread, Container container) {
    this.pod = pod;
    this.thread = thread;
    this.container = container;
  }

  Container container() {
    return container;
  }

  LocalPod.Run view() {
    return new LocalPod.Run(container.name(), run, state == State.RUNNING);
  }

  /** Starts it in a sandbox, or takes over what an earlier agent has started there. */
  void begin(PodSandbox sandbox) {
    Optional<ContainerRecord> earlier =
        ContainerRecord.read(pod.folder().containerState(container.name()));
    if (earlier.isEmpty()) {
      start(sandbox);
      return;
    }
    run = earlier.get().run();
    started = true;
    backoff = RestartBackoff.afterRestarts(run);
    ContainerProcess.adopt(pod.folder(), container.name(), earlier.get())
        .ifPresentOrElse(
            adopted -> running(sandbox, adopted, pod.wasReady()),
            () -> {
              startedAt = thread.now();
              ended(
                  sandbox, ContainerProcess.exitCode(pod.folder().exitCode(container.name(), run)));
            });
  }

  /** Runs it anew in another sandbox, as the one it ran in is gone. */
  void restart(PodSandbox sandbox) {
    if (state == State.ENDED) {
      return;
    }
    if (started && pod.restartPolicy() == RestartPolicy.NEVER) {
      finish("Error");
      return;
    }
    run = started ? run + 1 : run;
    start(sandbox);
  }

  private void start(PodSandbox sandbox) {
    if (failing) {
      fail(sandbox);
      return;
    }
    state = State.STARTING;
    int mine = generation;
    int number = run;
    thread.offload(
        () -> {
          ContainerProgram program =
              ContainerProgram.of(container, pod.hostname(), pod.images(), pod.folder().fifo());
          return ContainerProcess.start(sandbox, pod.folder(), container.name(), program, number);
        },
        (process, failure) -> {
          if (mine != generation) {
            return;
          }
          if (process != null) {
            running(sandbox, process, false);
          } else if (failure != null) {
            failed(sandbox, failure);
          }
        });
  }

  private void running(PodSandbox sandbox, ContainerProcess begun, boolean wasReady) {
    state = State.RUNNING;
    started = true;
    startedAt = thread.now();
    reason = "";
    message = "";
    process = begun;
    int mine = generation;
    begun.whenEnded(() ->
        thread.execute(() -> {
          if (mine == generation) {
            ended(sandbox, begun.exitCode());
          }
        }));
    readiness =
        new Readiness(
            thread,
            container.readinessProbe(),
            () ->
                container.readinessProbe() != null
                    && new ProbeCheck(
                            sandbox.ip(),
                            sandbox,
                            container,
                            pod.hostname(),
                            container.readinessProbe())
                        .succeeds(),
            pod::changed);
    readiness.start(wasReady);
    if (stopping) {
      terminate(begun);
    }
    pod.changed();
  }

  private void failed(PodSandbox sandbox, Exception failure) {
    message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    if (failure instanceof UnrunnableException unrunnable) {
      backOff(sandbox, backoff.afterRun(Duration.ZERO), unrunnable.reason());
      return;
    }
    started = true;
    exitCode = START_ERROR;
    if (stopping || pod.restartPolicy() == RestartPolicy.NEVER) {
      finish("StartError");
    } else {
      // A program may be installed meanwhile: tried again, ever more slowly.
      backOff(sandbox, backoff.afterRun(Duration.ZERO), "StartError");
    }
  }

  private void ended(PodSandbox sandbox, int code) {
    exitCode = code;
    process = null;
    if (readiness != null) {
      readiness.stop();
    }
    boolean restarts =
        !stopping
            && switch (pod.restartPolicy()) {
              case ALWAYS -> true;
              case ON_FAILURE -> code != 0;
              case NEVER -> false;
            };
    if (failing && !stopping) {
      run++;
      fail(sandbox);
      return;
    }
    if (!restarts) {
      finish(code == 0 ? "Completed" : "Error");
      return;
    }
    run++;
    Duration wait = backoff.afterRun(Duration.ofNanos(thread.now() - startedAt));
    if (wait.isZero()) {
      start(sandbox);
      pod.changed();
    } else {
      message = endedMessage() + "; next start in " + wait.toSeconds() + " s";
      backOff(sandbox, wait, "CrashLoopBackOff");
    }
  }

  private String endedMessage() {
    return "container " + container.name() + " ended with exit code " + exitCode;
  }

  private void backOff(PodSandbox sandbox, Duration wait, String why) {
    if (stopping) {
      finish(why);
      return;
    }
    state = State.BACKING_OFF;
    reason = why;
    int mine = generation;
    timer =
        thread.schedule(
            wait.isZero() ? SHORTEST_WAIT : wait,
            () -> {
              if (mine == generation && state == State.BACKING_OFF) {
                start(sandbox);
              }
            });
    pod.changed();
  }

  private void finish(String why) {
    state = State.ENDED;
    reason = why;
    if (why.equals("Error")) {
      message = endedMessage();
    }
    pod.changed();
  }

  /** Kills the program; whether it is started again is the restart policy's, or a fault's. */
  void kill() {
    ContainerProcess current = process;
    if (current != null) {
      thread.<Boolean>offload(
          () -> {
            current.kill();
            return true;
          },
          (done, failure) -> {});
    }
  }

  /** Kills the program and has it wait, or ends that. */
  void setFailing(boolean fails) {
    if (fails == failing) {
      return;
    }
    failing = fails;
    if (fails) {
      kill();
    }
  }

  private void fail(PodSandbox sandbox) {
    state = State.BACKING_OFF;
    reason = "PodFailure";
    message = "a fault keeps container " + container.name() + " from running";
    int mine = generation;
    timer =
        thread.schedule(
            FAILURE_STEP,
            () -> {
              if (mine == generation && state == State.BACKING_OFF) {
                start(sandbox);
              }
            });
    pod.changed();
  }

  /** Asks the program to end and starts it no more. */
  void stop() {
    stopping = true;
    if (timer != null) {
      timer.cancel();
    }
    ContainerProcess current = process;
    if (current != null) {
      terminate(current);
    } else if (state == State.WAITING || state == State.BACKING_OFF) {
      finish(started ? "Error" : "ContainerCreating");
    }
  }

  private void terminate(ContainerProcess running) {
    thread.<Boolean>offload(
        () -> {
          running.terminate();
          return true;
        },
        (done, failure) -> {});
  }

  /** Forgets what runs, because its sandbox is about to be destroyed. */
  void abandon() {
    generation++;
    if (timer != null) {
      timer.cancel();
    }
    if (readiness != null) {
      readiness.stop();
    }
    if (process != null) {
      exitCode = ContainerProcess.KILLED;
      process = null;
    }
    if (state != State.ENDED) {
      state = State.WAITING;
    }
  }

  boolean hasEnded() {
    return state == State.ENDED;
  }

  boolean hasStarted() {
    return started;
  }

  boolean isReady() {
    return state == State.RUNNING && readiness != null && readiness.isReady();
  }

  /** Whether something keeps it from running that people should know of. */
  boolean isTroubled() {
    return state == State.BACKING_OFF || (state == State.ENDED && !reason.equals("Completed"));
  }

  /** Why it does not run, for people; empty where it does. */
  String message() {
    return message;
  }

  ContainerStatus status() {
    return new ContainerStatus(
        container.name(), state == State.RUNNING, isReady(), run, exitCode, reason);
  }
}
