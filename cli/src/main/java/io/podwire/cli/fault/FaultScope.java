package io.podwire.cli.fault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.cli.outcome.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which traffic a fault is for, how long, and by which lot: the options of all its commands. */
public final class FaultScope {
  @Option(
      names = {"-n", "--namespace"},
      defaultValue = "default",
      description = "default: ${DEFAULT-VALUE}")
  String namespace = "default";

  @Option(names = "--pod", paramLabel = "POD", description = "acts on this Pod; repeatable")
  List<String> pods = new ArrayList<>();

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "LABELS",
      description = "acts on the Pods with these labels, such as app=web,tier=front")
  @Nullable String labels;

  @Option(
      names = "--service",
      paramLabel = "SERVICE",
      description = "acts on the Pods behind this Service; repeatable")
  List<String> services = new ArrayList<>();

  @Option(
      names = "--node",
      paramLabel = "NODE",
      description = "acts on the Pods of this node, or with --uplinks on the node; repeatable")
  List<String> nodes = new ArrayList<>();

  @Option(names = "--all", description = "acts on all Pods of the namespace, or on all nodes")
  boolean all;

  @Option(names = "--uplinks", description = "acts on nodes' uplinks instead of on Pods' links")
  boolean uplinks;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "all, one, fixed, fixed-percent or random-max-percent (default: all)")
  @Nullable String mode;

  @Option(
      names = "--value",
      paramLabel = "N",
      description = "how many, or the percentage, of --mode")
  @Nullable String value;

  @Option(names = "--to-pod", paramLabel = "POD", description = "the other end; repeatable")
  List<String> toPods = new ArrayList<>();

  @Option(names = "--to-selector", paramLabel = "LABELS", description = "the other end's labels")
  @Nullable String toLabels;

  @Option(names = "--to-service", paramLabel = "SERVICE", description = "the other end; repeatable")
  List<String> toServices = new ArrayList<>();

  @Option(names = "--to-node", paramLabel = "NODE", description = "the other end; repeatable")
  List<String> toNodes = new ArrayList<>();

  @Option(
      names = "--to-address",
      paramLabel = "CIDR",
      description = "the other end, such as 192.0.2.0/24; repeatable")
  List<String> toAddresses = new ArrayList<>();

  @Option(
      names = "--direction",
      paramLabel = "DIRECTION",
      description = "to, from or both, seen from what is acted on (default: to; partition: both)")
  @Nullable String direction;

  @Option(
      names = "--protocol",
      paramLabel = "PROTOCOL",
      description = "tcp, udp, icmp, sctp or a number")
  @Nullable String protocol;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "of either end, such as 80 or 8000-8100")
  List<String> ports = new ArrayList<>();

  @Option(names = "--local-port", paramLabel = "PORT", description = "of what is acted on")
  List<String> localPorts = new ArrayList<>();

  @Option(names = "--peer-port", paramLabel = "PORT", description = "of the other end")
  List<String> peerPorts = new ArrayList<>();

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "such as 30s; without it the command holds the fault until Ctrl-C")
  @Nullable String duration;

  @Option(
      names = "--lease",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "how long it goes on when its holder has died (default: ${DEFAULT-VALUE})")
  int lease = 10;

  @Option(
      names = "--detach",
      description = "return at once; without --duration it acts until 'podwire fault rm'")
  boolean detach;

  @Option(names = "--seed", paramLabel = "N", description = "of every decision")
  @Nullable Long seed;

  @Option(names = "--as", paramLabel = "NAME", description = "the fault's name (default: made up)")
  @Nullable String as;

  @Option(names = "--dry-run", description = "print which links would match, and change nothing")
  boolean dryRun;

  @Option(
      names = "--wait",
      description =
          "wait for the end, print the receipt, and fail where it is no-match or mismatch")
  boolean waits;

  /** The namespace of the fault. */
  public String namespace() {
    return namespace;
  }

  /** Whether only the links that would match are asked for. */
  public boolean dryRun() {
    return dryRun;
  }

  /** Whether the command stays until the fault has ended, and judges it. */
  public boolean waits() {
    return waits;
  }

  /** Seconds that the fault goes on without its holder. */
  public int lease() {
    return lease;
  }

  /** Whether the command itself keeps the fault alive. */
  public boolean holds() {
    return duration == null && !detach && !dryRun;
  }

  /** The {@code metadata} of the manifest. */
  ObjectNode metadata(String what) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode().put("namespace", namespace);
    return as == null ? metadata.put("generateName", what + "-") : metadata.put("name", as);
  }

  /** Writes everything but the effect. */
  void writeTo(ObjectNode spec, boolean onNodes) {
    if (lease < 1) {
      throw wrong("--lease " + lease + ": give 1 second or more");
    }
    if (uplinks) {
      spec.put("links", "Nodes");
    }
    boolean choosesNodes = uplinks || onNodes;
    boolean any =
        !pods.isEmpty() || labels != null || !services.isEmpty() || !nodes.isEmpty() || all;
    if (!any) {
      throw wrong(
          choosesNodes
              ? "say which nodes: --node NODE or --all"
              : "say which Pods: --pod, --selector, --service, --node or --all");
    }
    choice(spec.putObject("selector"), pods, labels, services, nodes);
    put(spec, "mode", mode);
    put(spec, "value", value);
    if (!toPods.isEmpty() || toLabels != null || !toServices.isEmpty() || !toNodes.isEmpty()) {
      choice(spec.putObject("target").putObject("selector"), toPods, toLabels, toServices, toNodes);
    }
    list(spec, "externalTargets", toAddresses);
    put(spec, "direction", direction);
    put(spec, "protocol", protocol);
    list(spec, "ports", ports);
    list(spec, "localPorts", localPorts);
    list(spec, "peerPorts", peerPorts);
    put(spec, "duration", duration);
    if (seed != null) {
      spec.put("seed", seed);
    }
  }

  private void choice(
      ObjectNode selector,
      List<String> named,
      @Nullable String labelled,
      List<String> behind,
      List<String> on) {
    if (!named.isEmpty()) {
      ArrayNode names = selector.putObject("pods").putArray(namespace);
      named.forEach(names::add);
    }
    if (labelled != null) {
      ObjectNode labelSelectors = selector.putObject("labelSelectors");
      labels(labelled).forEach(labelSelectors::put);
    }
    list(selector, "services", behind);
    list(selector, "nodes", on);
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String label : text.split(",")) {
      int equals = label.indexOf('=');
      if (equals < 1) {
        throw wrong("\"" + label + "\" is no label: write KEY=VALUE");
      }
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    return labels;
  }

  static void put(ObjectNode object, String field, @Nullable String text) {
    if (text != null) {
      object.put(field, text);
    }
  }

  static void list(ObjectNode object, String field, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode list = object.putArray(field);
      texts.forEach(list::add);
    }
  }

  private static CommandFailure wrong(String message) {
    return new CommandFailure(message, ExitCode.USAGE, null);
  }
}
