package io.podwire.cli.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.experiment.measure.Span;
import io.podwire.cli.experiment.plan.Action;
import io.podwire.cli.experiment.plan.Step;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import io.podwire.client.exec.ExecRequest;
import io.podwire.client.exec.ExecSession;
import io.podwire.client.exec.ProgramEnd;
import io.podwire.client.failure.ClientFailure;
import io.podwire.client.manifest.ManifestStream;
import io.podwire.cluster.fault.GoDuration;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One time that a step happens, on a thread of its own. Thread-safe. */
final class StepRun {
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ApiClient api;
  private final Step step;
  private final Timeline timeline;
  private final @Nullable FaultRun fault;
  private final Thread thread;

  // Guarded by this.
  private double from;
  private double to = Double.NaN;
  private @Nullable JsonNode ended;
  private String failure = "";
  private @Nullable ExecSession program;

  StepRun(ApiClient api, Step step, Timeline timeline, @Nullable FaultRun fault) {
    this.api = api;
    this.step = step;
    this.timeline = timeline;
    this.fault = fault;
    this.from = timeline.now();
    this.thread = Thread.ofPlatform().daemon().name("step-" + step.name()).start(this::run);
  }

  Step step() {
    return step;
  }

  private void run() {
    try {
      act();
    } catch (ClientFailure refused) {
      fail(refused.getMessage());
    } catch (RuntimeException odd) {
      fail(String.valueOf(odd));
    }
    synchronized (this) {
      if (Double.isNaN(to)) {
        to = timeline.now();
      }
    }
    timeline.tell(
        "step " + step.name() + (failure().isEmpty() ? " ended" : " failed: " + failure()));
  }

  private void act() {
    timeline.tell("step " + step.name() + ": " + describe(step.action()));
    switch (step.action()) {
      case Action.Fault _ -> took(Objects.requireNonNull(fault).run());
      case Action.Apply apply -> apply(apply);
      case Action.Delete delete ->
          api.delete(delete.kind().objectPath(delete.namespace(), delete.name()));
      case Action.Exec exec -> exec(exec);
      case Action.Wait wait -> pause(wait.duration());
    }
  }

  private void took(JsonNode object) {
    JsonNode status = object.path("status");
    synchronized (this) {
      ended = object;
      from = time(status.path("startTime"), from);
      // It acts no longer than that; the control plane writes the end down a little later.
      to =
          Math.min(
              time(status.path("endTime"), timeline.now()),
              time(status.path("deadline"), Double.MAX_VALUE));
    }
    if (status.path("phase").asText().equals("Failed")) {
      fail(status.path("message").asText("the fault has failed"));
    }
  }

  private double time(JsonNode text, double fallback) {
    try {
      return text.isTextual() ? timeline.at(Instant.parse(text.asText())) : fallback;
    } catch (DateTimeParseException odd) {
      return fallback;
    }
  }

  private void apply(Action.Apply apply) {
    try {
      api.post(
          "/podwire/v1/apply?namespace=" + Resource.encode(apply.namespace()),
          apply.manifests().body(),
          ManifestStream.MEDIA_TYPE);
    } catch (ApiRefusal refusal) {
      throw apply.manifests().refused(refusal.status());
    }
  }

  private void exec(Action.Exec exec) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ExecRequest request = ExecRequest.of(exec.namespace(), exec.pod(), exec.command());
    try (ExecSession session = ExecSession.start(api.transport(), request, output, output)) {
      synchronized (this) {
        program = session;
      }
      if (stopping.getCount() == 0) {
        return;
      }
      ProgramEnd end = session.await(exec.timeout());
      String text = output.toString(StandardCharsets.UTF_8).strip();
      if (!end.failure().isEmpty() || end.exitCode() != 0) {
        fail(end.failure().isEmpty() ? "exit code " + end.exitCode() + ": " + text : end.failure());
      } else if (!text.isEmpty()) {
        timeline.tell("step " + step.name() + " says: " + text);
      }
    }
  }

  private void pause(Duration duration) {
    try {
      stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void fail(String reason) {
    failure = reason;
  }

  private synchronized String failure() {
    return failure;
  }

  /** Whether it is over. */
  boolean isOver() {
    return !thread.isAlive();
  }

  /** Ends what is held, and waits for the end. */
  void stop(Duration patience) {
    release();
    try {
      thread.join(patience);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go of what is held without waiting. */
  void release() {
    stopping.countDown();
    if (fault != null) {
      fault.stop();
    }
    synchronized (this) {
      if (program != null) {
        program.close();
      }
    }
  }

  /** Up to now, where it is not over yet. */
  synchronized StepSpan span() {
    double until = Double.isNaN(to) ? timeline.now() : to;
    String unfinished = isOver() || !failure.isEmpty() ? failure : "had not ended";
    return new StepSpan(
        step.name(), describe(step.action()), new Span(from, until), ended, unfinished);
  }

  static String describe(Action action) {
    return switch (action) {
      case Action.Fault made -> {
        ObjectNode spec = (ObjectNode) made.manifest().path("spec").deepCopy();
        String duration = spec.path("duration").asText();
        for (String who :
            new String[] {
              "selector", "target", "duration", "mode", "value", "seed", "lease", "links"
            }) {
          spec.remove(who);
        }
        String text = spec.toString().replace("\":", "\": ").replace(",", ", ").replace("\"", "");
        yield made.kind().kind()
            + " "
            + text.substring(1, text.length() - 1)
            + (duration.isEmpty() ? "" : " for " + duration);
      }
      case Action.Apply apply -> "apply " + apply.manifests().size() + " manifests";
      case Action.Delete delete -> "delete " + delete.kind().kind() + " " + delete.name();
      case Action.Exec exec -> "exec in " + exec.pod() + ": " + String.join(" ", exec.command());
      case Action.Wait wait -> "wait " + GoDuration.format(wait.duration());
    };
  }
}
