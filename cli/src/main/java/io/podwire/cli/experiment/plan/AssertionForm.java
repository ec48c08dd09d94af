package io.podwire.cli.experiment.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what has to be true for the experiment to pass. */
final class AssertionForm {
  private static final Set<String> VERDICTS =
      Set.of("confirmed", "mismatch", "inconclusive", "no-match");

  private AssertionForm() {}

  static Optional<Assertion> read(
      Fields fields, List<Probe> probes, List<Workload> workloads, List<Step> steps) {
    if (fields.has("noResidualFault")) {
      fields.flag("noResidualFault");
      return Optional.of(new Assertion.NoResidualFault());
    }
    if (fields.has("receipt")) {
      return receipt(fields, steps);
    }
    String probe =
        fields.required(
            "probe",
            "write a workload's or a probe's name, receipt: STEP, or" + " noResidualFault");
    Optional<String> workload = workload(probe, probes, workloads);
    if (workload.isEmpty() && !probe.isEmpty()) {
      List<String> names = new ArrayList<>(workloads.stream().map(Workload::name).toList());
      fields.problem("probe", "\"" + probe + "\" is none of " + names);
    }
    String during = fields.text("during", Phase.ALL);
    List<String> phases = new ArrayList<>(steps.stream().map(Step::name).toList());
    phases.addAll(List.of(Phase.BEFORE, Phase.AFTER, Phase.ALL));
    if (!phases.contains(during)) {
      fields.problem("during", "\"" + during + "\" is none of " + String.join(", ", phases));
    }
    Duration settle = fields.duration("settle", Duration.ZERO);
    Optional<Criterion> criterion = CriterionForm.read(fields);
    return workload.flatMap(
        name -> criterion.map(each -> new Assertion.Requests(name, each, during, settle)));
  }

  private static Optional<String> workload(
      String probe, List<Probe> probes, List<Workload> workloads) {
    if (workloads.stream().anyMatch(each -> each.name().equals(probe))) {
      return Optional.of(probe);
    }
    return probes.stream()
        .filter(each -> each.name().equals(probe))
        .map(Probe::workload)
        .findFirst();
  }

  private static Optional<Assertion> receipt(Fields fields, List<Step> steps) {
    String step = fields.text("receipt", "");
    List<String> faults =
        steps.stream()
            .filter(each -> each.action() instanceof Action.Fault)
            .map(Step::name)
            .toList();
    if (!faults.contains(step)) {
      fields.problem("receipt", "\"" + step + "\" is none of the steps with a fault " + faults);
    }
    String verdict = fields.text("verdict", "confirmed");
    if (!VERDICTS.contains(verdict)) {
      fields.problem(
          "verdict", "\"" + verdict + "\" is none of " + VERDICTS.stream().sorted().toList());
    }
    return Optional.of(new Assertion.Receipt(step, verdict));
  }
}
