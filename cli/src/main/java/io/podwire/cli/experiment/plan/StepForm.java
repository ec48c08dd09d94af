package io.podwire.cli.experiment.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.client.api.Resource;
import io.podwire.client.failure.ClientFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a step: when, and what. */
record StepForm(String namespace, ManifestForm manifests) {
  private static final List<String> ACTIONS = List.of("fault", "apply", "delete", "exec", "wait");
  private static final List<String> TRIGGERS = List.of("at", "after", "every", "when");
  private static final Set<String> ONCE =
      Set.of("agent-kill", "zookeeper-session-expired", "pod-kill", "container-kill");
  private static final Duration EXEC_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration WITHIN = Duration.ofSeconds(60);

  Step read(Fields fields, String name) {
    return new Step(name, trigger(fields), action(fields));
  }

  private static String one(Fields fields, List<String> choices) {
    List<String> there = choices.stream().filter(fields::has).toList();
    if (there.size() == 1) {
      return there.getFirst();
    }
    fields.problem(
        choices.getFirst(),
        there.isEmpty()
            ? "is missing; write one of " + String.join(", ", choices)
            : "only one of " + String.join(", ", there) + " can be meant");
    return "";
  }

  private static Trigger trigger(Fields fields) {
    return switch (one(fields, TRIGGERS)) {
      case "at" -> new Trigger.At(fields.duration("at", Duration.ZERO));
      case "after" ->
          new Trigger.After(fields.text("after", ""), fields.duration("delay", Duration.ZERO));
      case "every" -> {
        Duration period = fields.positive("every", Duration.ofSeconds(1));
        Duration from = fields.duration("from", period);
        Optional<Duration> until = fields.duration("until");
        if (until.isEmpty() && !fields.has("until")) {
          fields.problem("until", "is missing; write when the last time has been, such as 60s");
        }
        yield new Trigger.Every(period, from, until.orElse(from.plus(period)));
      }
      case "when" -> {
        Fields when = fields.child("when");
        Trigger trigger =
            new Trigger.When(
                when.required("probe", "write a probe's name"),
                !when.has("holds") || when.flag("holds"),
                when.positive("within", WITHIN));
        when.end();
        yield trigger;
      }
      default -> new Trigger.At(Duration.ZERO);
    };
  }

  private Action action(Fields fields) {
    return switch (one(fields, ACTIONS)) {
      case "fault" -> fault(fields);
      case "apply" ->
          manifests
              .read(fields, "apply")
              .<Action>map(read -> new Action.Apply(namespace, read))
              .orElseGet(() -> nothing(fields, "apply", "a list of files or objects"));
      case "delete" -> delete(fields.child("delete"));
      case "exec" -> exec(fields.child("exec"));
      default -> new Action.Wait(fields.duration("wait", Duration.ZERO));
    };
  }

  private static Action nothing(Fields fields, String field, String fix) {
    fields.problem(field, "has nothing in it that can be applied; write " + fix);
    return new Action.Wait(Duration.ZERO);
  }

  private Action fault(Fields fields) {
    JsonNode written = fields.raw("fault");
    if (!written.isObject() || written.isEmpty()) {
      return nothing(fields, "fault", "the spec of a NetworkFault, or a whole manifest");
    }
    ObjectNode manifest = ExperimentFile.YAML.createObjectNode();
    Resource kind = Resource.NETWORK_FAULT;
    if (written.has("kind")) {
      String name = written.path("kind").asText();
      Optional<Resource> found =
          Resource.FAULTS.stream().filter(each -> each.kind().equals(name)).findFirst();
      if (found.isEmpty()) {
        fields.problem(
            "fault.kind",
            "\"" + name + "\" is none of " + Resource.FAULTS.stream().map(Resource::kind).toList());
      }
      kind = found.orElse(kind);
      manifest.setAll((ObjectNode) written.deepCopy());
    } else {
      manifest.set("spec", written.deepCopy());
    }
    manifest.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    ObjectNode metadata = manifest.withObject("/metadata");
    if (!metadata.path("namespace").isTextual()) {
      metadata.put("namespace", namespace);
    }
    return new Action.Fault(kind, manifest, isHeld(manifest.path("spec")));
  }

  /** Whether it would go on for ever. */
  private static boolean isHeld(JsonNode spec) {
    boolean once =
        ONCE.contains(spec.at("/node/action").asText())
            || ONCE.contains(spec.at("/pod/action").asText())
            || ONCE.contains(spec.path("action").asText());
    return !once && !spec.has("duration");
  }

  private Action delete(Fields delete) {
    String kind = delete.required("kind", "write such as Pod");
    Resource resource = Resource.POD;
    try {
      resource = Resource.named(kind);
    } catch (ClientFailure unknown) {
      delete.problem("kind", unknown.getMessage());
    }
    Action action =
        new Action.Delete(
            resource,
            delete.text("namespace", namespace),
            delete.required("name", "write the object's name"));
    delete.end();
    return action;
  }

  private Action exec(Fields exec) {
    List<String> command = new ArrayList<>(exec.texts("command"));
    if (command.isEmpty()) {
      exec.problem("command", "is missing; write the program and its arguments as a list");
    }
    Action action =
        new Action.Exec(
            exec.text("namespace", namespace),
            exec.required("pod", "write the Pod's name"),
            command,
            exec.positive("timeout", EXEC_TIMEOUT));
    exec.end();
    return action;
  }
}
