package io.podwire.cli.experiment.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.manifest.ManifestStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads an experiment from a document; everything that is wrong is told at once. */
final class ExperimentParser {
  private static final String API_VERSION = "podwire.io/v1alpha1";
  private static final String KIND = "Experiment";
  private static final String NAME = "[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?";
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration STEADY = Duration.ofSeconds(30);
  private static final int MOST_NODES = 200;

  private final Path folder;
  private final List<String> problems;

  ExperimentParser(Path folder, List<String> problems) {
    this.folder = folder;
    this.problems = problems;
  }

  Experiment parse(JsonNode document) {
    Fields root = new Fields(document, "", problems);
    if (problems.isEmpty()) {
      constant(root, "apiVersion", API_VERSION);
      constant(root, "kind", KIND);
    }
    Fields metadata = root.child("metadata");
    String name = name(metadata, "experiment");
    String namespace = metadata.text("namespace", "default");
    metadata.raw("labels");
    metadata.raw("annotations");
    metadata.end();
    if (problems.isEmpty() && !root.has("spec")) {
      root.problem("spec", "is missing; write workload, steps and assertions below it");
    }
    Fields spec = root.child("spec");
    root.end();
    Experiment experiment = spec(spec, name, namespace);
    spec.end();
    return experiment;
  }

  private Experiment spec(Fields spec, String name, String namespace) {
    long seed = seed(spec);
    Topology topology = topology(spec.child("topology"));
    Optional<Duration> duration = spec.duration("duration");
    Duration steady = spec.positive("steadyWithin", STEADY);
    WorkloadForm workloadForm = new WorkloadForm(namespace);
    List<Workload> workloads = new ArrayList<>();
    for (Fields each : spec.children("workload")) {
      workloads.add(workloadForm.read(each, name(each, "")));
      each.end();
    }
    List<Probe> probes = new ArrayList<>();
    for (Fields each : spec.children("probes")) {
      probe(each, workloadForm, workloads, probes);
    }
    StepForm stepForm = new StepForm(namespace, new ManifestForm(folder));
    List<Step> steps = new ArrayList<>();
    int number = 0;
    for (Fields each : spec.children("steps")) {
      number++;
      steps.add(stepForm.read(each, name(each, "step-" + number)));
      each.end();
    }
    List<Assertion> assertions = new ArrayList<>();
    for (Fields each : spec.children("assertions")) {
      AssertionForm.read(each, probes, workloads, steps).ifPresent(assertions::add);
      each.end();
    }
    unique(spec, "workload", workloads.stream().map(Workload::name).toList());
    unique(spec, "probes", probes.stream().map(Probe::name).toList());
    unique(spec, "steps", steps.stream().map(Step::name).toList());
    References.check(spec, steps, probes, duration);
    if (problems.isEmpty() && workloads.isEmpty() && steps.isEmpty()) {
      spec.problem("steps", "is missing; an experiment has a workload or a step at least");
    }
    return new Experiment(
        name, namespace, seed, topology, duration, steady, workloads, probes, steps, assertions);
  }

  private long seed(Fields spec) {
    JsonNode seed = spec.raw("seed");
    if (!seed.isMissingNode() && !(seed.isIntegralNumber() && seed.canConvertToLong())) {
      spec.problem("seed", seed + " is no integer");
    }
    return seed.asLong(1);
  }

  private Topology topology(Fields topology) {
    OptionalInt nodes =
        topology.has("nodes")
            ? OptionalInt.of(topology.whole("nodes", 1, 1, MOST_NODES))
            : OptionalInt.empty();
    Optional<ManifestStream> manifests = new ManifestForm(folder).read(topology, "manifests");
    Duration patience = topology.positive("timeout", PATIENCE);
    topology.end();
    return new Topology(nodes, manifests, patience);
  }

  /** A probe looks at a workload that is there, or is a light one of its own. */
  private void probe(
      Fields fields, WorkloadForm form, List<Workload> workloads, List<Probe> probes) {
    String name = name(fields, "");
    String workload = fields.text("workload", name);
    if (!fields.has("workload")) {
      workloads.add(form.read(fields, name));
    } else if (workloads.stream().noneMatch(each -> each.name().equals(workload))) {
      fields.problem(
          "workload",
          "\"" + workload + "\" is none of " + workloads.stream().map(Workload::name).toList());
    }
    Duration window = fields.positive("window", Duration.ofSeconds(2));
    CriterionForm.read(fields)
        .ifPresent(criterion -> probes.add(new Probe(name, workload, criterion, window)));
    fields.end();
  }

  private String name(Fields fields, String fallback) {
    String name = fields.text("name", fallback);
    if (!name.matches(NAME)) {
      fields.problem(
          "name",
          name.isEmpty()
              ? "is missing; write up to 40 of a-z, 0-9 and - inside"
              : "\"" + name + "\" is no name; write up to 40 of a-z, 0-9 and - inside");
    } else if (Phase.WORDS.contains(name)) {
      fields.problem("name", "\"" + name + "\" is a phase's; choose another");
    }
    return name;
  }

  private static void unique(Fields spec, String field, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!name.isEmpty() && !seen.add(name)) {
        spec.problem(field, "the name \"" + name + "\" is there twice; choose another");
      }
    }
  }

  private static void constant(Fields root, String field, String value) {
    String text = root.required(field, "write " + value);
    if (!text.isEmpty() && !text.equals(value)) {
      root.problem(field, "\"" + text + "\" is not " + value);
    }
  }
}
