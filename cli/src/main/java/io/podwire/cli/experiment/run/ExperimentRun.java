package io.podwire.cli.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.experiment.measure.Judgement;
import io.podwire.cli.experiment.measure.Sample;
import io.podwire.cli.experiment.measure.SampleLog;
import io.podwire.cli.experiment.measure.Span;
import io.podwire.cli.experiment.measure.Summary;
import io.podwire.cli.experiment.plan.Action;
import io.podwire.cli.experiment.plan.Experiment;
import io.podwire.cli.experiment.plan.Numbers;
import io.podwire.cli.experiment.plan.Probe;
import io.podwire.cli.experiment.plan.Step;
import io.podwire.cli.experiment.plan.Workload;
import io.podwire.cli.fault.FaultHolder;
import io.podwire.cli.local.Progress;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiUnreachable;
import io.podwire.client.api.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of an experiment on a cluster where its Pods are Ready.
 *
 * <p>For one run by one thread; blocks.
 */
public final class ExperimentRun {
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration FIRST_REQUESTS = Duration.ofSeconds(30);
  private static final Duration LAST_STEPS = Duration.ofSeconds(15);
  // How long the timeline goes on after the last step where the file says no duration, in seconds.
  private static final double TAIL = 5;
  private static final double MILLI = 1e3;

  private final List<WorkloadRun> workloads = new ArrayList<>();
  private final List<StepRun> runs = new ArrayList<>();
  private final List<FaultRun> faults = new ArrayList<>();
  private final List<PacketCapture> captures = new ArrayList<>();
  private final ApiClient api;
  private final Experiment experiment;
  private final String place;
  private final Optional<Path> packets;
  private final Progress progress;
  private final Timeline timeline;
  private final Schedule schedule;
  private volatile boolean interrupted;

  /**
   * A run that is still to be done.
   *
   * @param place which cluster it is, for people
   * @param packets the folder for packets of where faults act; empty: they are not kept
   */
  public ExperimentRun(
      ApiClient api,
      Experiment experiment,
      String place,
      Optional<Path> packets,
      Progress progress) {
    this.api = api;
    this.experiment = experiment;
    this.place = place;
    this.packets = packets;
    this.progress = progress;
    this.timeline =
        new Timeline(event ->
            progress.line(String.format(Locale.ROOT, "%7.1f s  %s", event.time(), event.text())));
    this.schedule = new Schedule(experiment.steps());
  }

  /** Has the run end soon, with a failure. From any thread. */
  public void interrupt() {
    if (!interrupted) {
      interrupted = true;
      timeline.tell("interrupted: ending the faults");
    }
  }

  /** Runs it; faults and programs are gone afterwards, whatever came of it. */
  public Outcome run() {
    try {
      capture(new Rehearsal(api, experiment, timeline));
      for (Workload workload : experiment.workloads()) {
        workloads.add(new WorkloadRun(api, workload, timeline));
      }
      boolean steady = awaitSteadyState();
      double began = timeline.begin();
      workloads.forEach(each -> each.log().begin(began));
      timeline.tell(
          steady
              ? "the timeline begins"
              : (interrupted ? "interrupted" : "no steady state") + ": no step is begun");
      if (steady) {
        follow();
      }
      double seconds = timeline.now();
      runs.forEach(StepRun::release);
      runs.forEach(each -> each.stop(LAST_STEPS));
      awaitLateAnswers();
      workloads.forEach(WorkloadRun::close);
      captures.forEach(PacketCapture::close);
      progress.clear();
      return outcome(steady, seconds);
    } finally {
      runs.forEach(StepRun::release);
      workloads.forEach(WorkloadRun::close);
      captures.forEach(PacketCapture::close);
    }
  }

  /** Removes the faults that it has made. */
  public void removeFaults() {
    faults.forEach(FaultRun::remove);
  }

  /** Where a failure is to be looked into afterwards: what passed where faults acted. */
  private void capture(Rehearsal rehearsal) {
    packets.ifPresent(folder -> {
      try {
        Files.createDirectories(folder);
      } catch (IOException failure) {
        throw new CommandFailure(folder + " cannot be made: " + failure.getMessage(), failure);
      }
      rehearsal
          .captured()
          .forEach((name, object) ->
              captures.add(
                  new PacketCapture(
                      api, object, folder.resolve(name + ".pcapng"), timeline::tell)));
    });
  }

  private boolean awaitSteadyState() {
    boolean running =
        until(
            FIRST_REQUESTS,
            "Waiting for the first requests",
            () -> workloads.stream().allMatch(each -> each.log().size() > 0));
    if (!running) {
      for (WorkloadRun each : workloads) {
        if (each.log().size() == 0) {
          timeline.tell(
              "workload "
                  + each.workload().name()
                  + " makes no requests"
                  + (each.complaint().isEmpty() ? "" : ": " + each.complaint()));
        }
      }
      return false;
    }
    // Times are from 1970 until the timeline begins.
    return until(
        experiment.steady(),
        "Waiting for the steady state",
        () -> experiment.probes().stream().allMatch(this::holdsBefore));
  }

  private boolean holdsBefore(Probe probe) {
    double now = System.currentTimeMillis() / MILLI;
    double window = probe.window().toMillis() / MILLI;
    List<Sample> samples = log(probe.workload()).endedSince(now - window);
    return !samples.isEmpty() && Judgement.of(probe.criterion(), samples, window).holds();
  }

  private boolean holds(Probe probe) {
    double window = probe.window().toMillis() / MILLI;
    List<Sample> samples = log(probe.workload()).endedSince(timeline.now() - window);
    return Judgement.of(probe.criterion(), samples, window).holds();
  }

  private SampleLog log(String workload) {
    return workloads.stream()
        .filter(each -> each.workload().name().equals(workload))
        .findFirst()
        .orElseThrow()
        .log();
  }

  private boolean until(Duration patience, String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    progress.waiting(what);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline || interrupted) {
        return false;
      }
      tick();
    }
    return true;
  }

  /** The timeline itself. */
  private void follow() {
    double quiet = 0;
    while (!interrupted) {
      double now = timeline.now();
      for (Step step : schedule.due(now, this::ended, (probe, wanted) -> probe(probe, wanted))) {
        begin(step);
      }
      boolean busy = schedule.isOpen(now) || runs.stream().anyMatch(run -> !run.isOver());
      quiet = busy ? now : quiet;
      boolean over =
          experiment.duration().isPresent()
              ? now >= experiment.duration().get().toMillis() / MILLI
              : now >= quiet + TAIL;
      if (over) {
        return;
      }
      progress.waiting(status(now));
      tick();
    }
  }

  private boolean probe(String name, boolean wanted) {
    return experiment.probes().stream()
        .filter(each -> each.name().equals(name))
        .anyMatch(each -> holds(each) == wanted);
  }

  private OptionalDouble ended(String step) {
    return runs.stream()
        .filter(run -> run.step().name().equals(step) && run.isOver())
        .mapToDouble(run -> run.span().span().to())
        .max();
  }

  private void begin(Step step) {
    @Nullable FaultRun fault = null;
    if (step.action() instanceof Action.Fault action) {
      fault = new FaultRun(api, experiment, step, action, schedule.times(step), timeline);
      faults.add(fault);
    }
    runs.add(new StepRun(api, step, timeline, fault));
  }

  private String status(double now) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%.0f s", now));
    experiment
        .duration()
        .ifPresent(all -> text.append(" of ").append(all.toMillis() / 1000).append(" s"));
    for (WorkloadRun each : workloads) {
      Summary last = Summary.of(each.log().endedSince(now - 2));
      text.append(" · ").append(each.workload().name()).append(' ');
      text.append(Numbers.millis(last.quantile(0.5)));
      if (last.errors() > 0) {
        text.append(", ").append(Numbers.percent(last.errorRate())).append(" errors");
      }
    }
    for (StepRun run : runs) {
      if (!run.isOver()) {
        text.append(" · [").append(run.step().name()).append(']');
      }
    }
    return text.toString();
  }

  /** Requests of the last second may still be under way. */
  private void awaitLateAnswers() {
    long longest =
        workloads.stream().mapToLong(each -> each.workload().timeout().toMillis()).max().orElse(0);
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.min(1_000, longest)));
  }

  private static void tick() {
    LockSupport.parkNanos(TICK.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new CommandFailure("interrupted", ExitCode.INTERRUPTED, null);
    }
  }

  private Outcome outcome(boolean steady, double seconds) {
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    Map<String, String> descriptions = new LinkedHashMap<>();
    for (WorkloadRun each : workloads) {
      samples.put(each.workload().name(), each.log().within(new Span(0, seconds)));
      descriptions.put(each.workload().name(), describe(each.workload()));
    }
    List<StepSpan> spans = runs.stream().map(StepRun::span).toList();
    Judge judge = new Judge(experiment, samples, spans, seconds);
    List<Check> checks = new ArrayList<>();
    if (interrupted) {
      checks.add(Check.of("run", "runs to its end", "interrupted", false));
    }
    checks.addAll(judge.checks(steady || interrupted, residual()));
    return new Outcome(
        experiment.name(),
        experiment.seed(),
        place,
        timeline.began(),
        seconds,
        samples,
        descriptions,
        spans,
        checks,
        timeline.events());
  }

  private static String describe(Workload workload) {
    return workload.type().name().toLowerCase(Locale.ROOT)
        + " "
        + String.join(" ", workload.target())
        + " from "
        + workload.pod()
        + (workload.rate() > 0 ? ", " + Numbers.plain(workload.rate()) + "/s" : "");
  }

  /** Faults of any kind that act, or of which somebody has not said that it does not act. */
  private List<String> residual() {
    long deadline = System.nanoTime() + LAST_STEPS.toNanos();
    while (true) {
      try {
        List<String> residual = new ArrayList<>();
        for (Resource kind : Resource.FAULTS) {
          for (JsonNode fault : api.get(kind.listPath(null)).path("items")) {
            if (!FaultHolder.isComplete(fault)) {
              String phase = fault.path("status").path("phase").asText("Pending");
              residual.add(fault.at("/metadata/name").asText() + " (" + phase + ")");
            }
          }
        }
        return residual;
      } catch (ApiUnreachable unreachable) {
        if (System.nanoTime() > deadline) {
          return List.of("nobody can say: " + unreachable.getMessage());
        }
        tick();
      }
    }
  }
}
