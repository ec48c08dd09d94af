package io.podwire.cli.experiment.run;

import io.podwire.cli.experiment.measure.LoadLines;
import io.podwire.cli.experiment.measure.PingLines;
import io.podwire.cli.experiment.measure.Sample;
import io.podwire.cli.experiment.measure.SampleLog;
import io.podwire.cli.experiment.plan.Workload;
import io.podwire.client.api.ApiClient;
import io.podwire.client.exec.ExecRequest;
import io.podwire.client.exec.ExecSession;
import io.podwire.client.exec.ProgramEnd;
import io.podwire.client.failure.ClientFailure;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A workload's program in its Pod. It is started again where it ends before it should: a fault may
 * have cut the way to it.
 *
 * <p>A thread of its own; thread-safe.
 */
final class WorkloadRun implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final SampleLog log = new SampleLog();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ApiClient api;
  private final Workload workload;
  private final Timeline timeline;
  private final Thread thread;

  // Guarded by this: the program that runs, and the last thing that it complained of.
  private @Nullable ExecSession session;
  private String complaint = "";

  WorkloadRun(ApiClient api, Workload workload, Timeline timeline) {
    this.api = api;
    this.workload = workload;
    this.timeline = timeline;
    this.thread = Thread.ofPlatform().daemon().name("workload-" + workload.name()).start(this::run);
  }

  Workload workload() {
    return workload;
  }

  SampleLog log() {
    return log;
  }

  /** Why there may be no requests. */
  synchronized String complaint() {
    return complaint;
  }

  private void run() {
    try {
      do {
        String end = once();
        if (stopping.getCount() > 0) {
          complain(end);
          timeline.tell("workload " + workload.name() + " has ended, and is started again: " + end);
        }
      } while (!stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private String once() {
    ExecRequest request =
        ExecRequest.of(workload.namespace(), workload.pod(), LoadCommands.of(workload));
    try (ExecSession started =
        ExecSession.start(
            api.transport(), request, new LineStream(lines()), new LineStream(this::complain))) {
      synchronized (this) {
        session = started;
      }
      if (stopping.getCount() == 0) {
        return "stopped";
      }
      ProgramEnd end = started.await();
      String last = complaint();
      return end.failure().isEmpty()
          ? "exit code " + end.exitCode() + (last.isEmpty() ? "" : ", " + last)
          : end.failure();
    } catch (ClientFailure failure) {
      return failure.getMessage();
    }
  }

  private Consumer<String> lines() {
    if (workload.type() != Workload.Type.PING) {
      return line -> LoadLines.parse(line).ifPresent(log::add);
    }
    PingLines ping =
        new PingLines(workload.timeout().toNanos() / 1e6, LoadCommands.interval(workload));
    return line -> {
      for (Sample sample : ping.parse(line)) {
        log.add(sample);
      }
    };
  }

  private synchronized void complain(String line) {
    if (!line.isBlank()) {
      complaint = line.strip();
    }
  }

  @Override
  public void close() {
    stopping.countDown();
    synchronized (this) {
      if (session != null) {
        session.close();
      }
    }
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
