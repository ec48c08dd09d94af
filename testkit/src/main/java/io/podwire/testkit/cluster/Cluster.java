package io.podwire.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.ApiRefusal;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.client.manifest.ManifestStream;
import io.podwire.testkit.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;

/**
 * A running cluster: control plane, nodes and Pods in processes of their own.
 *
 * <p>Thread-safe. It is gone when it is closed, or at the latest a minute after this JVM has ended
 * in whatever way.
 */
public final class Cluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Topology topology;
  private final ApiClient api;
  private final ClusterPrograms programs;
  private final Dns dns = new Dns();
  private final AtomicInteger faultCount = new AtomicInteger();
  private final AtomicInteger captureCount = new AtomicInteger();
  private final List<Capture> captures = new CopyOnWriteArrayList<>();
  private final List<Node.Pause> pauses = new CopyOnWriteArrayList<>();
  private final List<JsonNode> endedFaults = new CopyOnWriteArrayList<>();
  private final Reset reset = new Reset(this);
  private volatile Duration startTook = Duration.ZERO;

  private Cluster(Topology topology, ApiClient api, ClusterPrograms programs) {
    this.topology = topology;
    this.api = api;
    this.programs = programs;
  }

  /**
   * Starts one; returns when all of it is Ready.
   *
   * @throws ClusterFailure where it cannot be had, with the reason, and nothing left behind
   */
  public static Cluster start(Topology topology) {
    Launcher launcher = Launcher.find();
    EarlyLoading.begin();
    ClusterProcess process = ClusterProcess.start(launcher, topology);
    return ready(topology, new ApiClient(process.state().api()), process);
  }

  /** One that is Ready; where it does not answer it is removed. */
  static Cluster ready(Topology topology, ApiClient api, ClusterPrograms programs) {
    Cluster cluster = new Cluster(topology, api, programs);
    cluster.orRemove(cluster.reset::remember);
    return cluster;
  }

  /**
   * One whose programs were started in another way: waits for its nodes, makes what is in the
   * topology, and returns when all of it is Ready. Closing it closes both.
   *
   * @param api of a control plane that answers
   * @throws ClusterFailure where it does not get Ready, with the reason, and nothing left behind
   */
  public static Cluster of(Topology topology, ApiClient api, ClusterPrograms programs) {
    Cluster cluster = new Cluster(topology, api, programs);
    cluster.orRemove(cluster::bringUp);
    return cluster;
  }

  private void bringUp() {
    Duration left = topology.startLimit().minus(programs.age());
    if (!Polling.holds(left, this::hasItsNodes)) {
      throw new ClusterFailure(
          "the cluster has no "
              + topology.nodes()
              + " Nodes that are Ready after "
              + programs.age().toSeconds()
              + " s: "
              + unready());
    }
    topology.everything().forEach(each -> apply(ManifestFiles.ofText(each.source(), each.text())));
    awaitReady();
    reset.remember();
  }

  private boolean hasItsNodes() {
    List<JsonNode> nodes = items(Resource.NODE);
    return nodes.size() >= topology.nodes() && nodes.stream().allMatch(Readiness::of);
  }

  private void orRemove(Runnable step) {
    try {
      step.run();
      startTook = programs.age();
    } catch (RuntimeException | Error failure) {
      api.close();
      programs.remove();
      throw failure;
    }
  }

  /** Unique on this machine while this JVM runs. */
  public String name() {
    return programs.name();
  }

  /** What it was started as. */
  public Topology topology() {
    return topology;
  }

  /** How long the start took until everything was Ready. */
  public Duration startTook() {
    return startTook;
  }

  /** The control plane's API, for what the handles do not have. */
  public ApiClient api() {
    return api;
  }

  ClusterPrograms programs() {
    return programs;
  }

  /**
   * The Pod of this name, {@code name} or {@code namespace/name}.
   *
   * @throws ClusterFailure where there is none
   */
  public Pod pod(String name) {
    return new Pod(this, existing(Resource.POD, name));
  }

  /** All Pods of users: those of {@code kube-system} are not among them. */
  public List<Pod> pods() {
    return keys(Resource.POD).stream().map(key -> new Pod(this, key)).toList();
  }

  /**
   * The Service of this name, {@code name} or {@code namespace/name}.
   *
   * @throws ClusterFailure where there is none
   */
  public Service service(String name) {
    return new Service(this, existing(Resource.SERVICE, name));
  }

  /** All Services of users. */
  public List<Service> services() {
    return keys(Resource.SERVICE).stream()
        .filter(key -> !key.text().equals("kubernetes"))
        .map(key -> new Service(this, key))
        .toList();
  }

  /**
   * The node of this name, such as {@code node-1}.
   *
   * @throws ClusterFailure where there is none
   */
  public Node node(String name) {
    List<Node> nodes = nodes();
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new ClusterFailure("no Node " + name + ": there are " + nodes));
  }

  /** All nodes by name. */
  public List<Node> nodes() {
    return items(Resource.NODE).stream()
        .map(node -> new Node(this, node.at("/metadata/name").asText()))
        .toList();
  }

  /** Lookups from Pods. */
  public Dns dns() {
    return dns;
  }

  /** Applies a manifest given as YAML; {@link #awaitReady} waits for what it makes. */
  public void apply(String yaml) {
    apply(ManifestFiles.ofText("manifest", yaml));
  }

  /** Applies a manifest file or a folder of them. */
  public void apply(Path file) {
    apply(ManifestFiles.read(List.of(file.toString()), InputStream.nullInputStream()));
  }

  JsonNode apply(ManifestStream manifests) {
    try {
      return api.post("/podwire/v1/apply", manifests.body(), ManifestStream.MEDIA_TYPE);
    } catch (ApiRefusal refusal) {
      throw manifests.refused(refusal.status());
    }
  }

  /** Deletes what a manifest names, and waits until it is gone. */
  public void delete(String yaml) {
    delete(ManifestFiles.ofText("manifest", yaml));
  }

  /** Deletes what a manifest file or a folder of them names, and waits until it is gone. */
  public void delete(Path file) {
    delete(ManifestFiles.read(List.of(file.toString()), InputStream.nullInputStream()));
  }

  private void delete(ManifestStream manifests) {
    JsonNode answer = api.post("/podwire/v1/delete", manifests.body(), ManifestStream.MEDIA_TYPE);
    for (JsonNode result : answer.path("results")) {
      if (result.path("result").asText().equals("terminating")) {
        Resource kind = Resource.named(result.path("resource").asText());
        awaitGone(
            kind, new ObjectKey(result.path("namespace").asText(), result.path("name").asText()));
      }
    }
  }

  /**
   * Deletes one object and waits until it is gone.
   *
   * @param graceSeconds how long a Pod's programs may take; with 0 nobody waits for them
   */
  void delete(Resource kind, ObjectKey key, int graceSeconds) {
    beginDelete(kind, key, graceSeconds);
    awaitGone(kind, key);
  }

  /** Deletes one object, which may be gone already; returns at once. */
  void beginDelete(Resource kind, ObjectKey key, int graceSeconds) {
    try {
      api.delete(
          kind.objectPath(key.namespace(), key.name()) + "?gracePeriodSeconds=" + graceSeconds);
    } catch (ApiRefusal refusal) {
      if (!refusal.notFound()) {
        throw refusal;
      }
    }
  }

  void awaitGone(Resource kind, ObjectKey key) {
    if (!Polling.holds(PATIENCE, () -> find(kind, key).isEmpty())) {
      throw new ClusterFailure(
          kind.kind() + " " + key.text() + " is not gone after " + PATIENCE.toSeconds() + " s");
    }
  }

  /** Waits until every Node and every Pod is Ready; fails at once where one never will be. */
  public Cluster awaitReady() {
    return awaitReady(PATIENCE);
  }

  /** Waits so long at most. */
  public Cluster awaitReady(Duration patience) {
    if (!Polling.holds(patience, this::isReady)) {
      throw new ClusterFailure(
          "the cluster is not Ready after " + patience.toSeconds() + " s: " + unready());
    }
    return this;
  }

  private boolean isReady() {
    List<JsonNode> pods = items(Resource.POD);
    if (pods.stream().anyMatch(Readiness::isHopeless)) {
      throw new ClusterFailure("the cluster does not become Ready: " + unready());
    }
    return items(Resource.NODE).stream().allMatch(Readiness::of)
        && pods.stream().allMatch(Readiness::settled);
  }

  /** What is not Ready and why, with the last lines that the agents have logged. */
  String unready() {
    return new Unready(programs, topology.nodes(), items(Resource.NODE), items(Resource.POD))
        .text();
  }

  /** Makes a fault; returns when it acts. */
  public Fault fault(FaultSpec spec) {
    String name = "fault-" + faultCount.incrementAndGet();
    return fault(spec.manifest(ObjectKey.DEFAULT_NAMESPACE, name).toString());
  }

  /** Makes the fault of a manifest, of any of the four kinds; returns when it acts. */
  public Fault fault(String yaml) {
    JsonNode results = apply(ManifestFiles.ofText("fault", yaml)).path("results");
    JsonNode first = results.path(0);
    Optional<Resource> kind =
        Resource.FAULTS.stream()
            .filter(each -> each.kind().equals(first.path("kind").asText()))
            .findFirst();
    if (results.size() != 1 || kind.isEmpty()) {
      throw new ClusterFailure("one fault is needed; the manifest has " + results);
    }
    Fault fault =
        new Fault(
            this,
            kind.get(),
            new ObjectKey(first.path("namespace").asText(), first.path("name").asText()));
    try {
      return fault.awaitActing();
    } catch (RuntimeException failure) {
      fault.remove();
      throw failure;
    }
  }

  /** The faults that are there, whoever made them. */
  public List<Fault> faults() {
    List<Fault> faults = new ArrayList<>();
    for (Resource kind : Resource.FAULTS) {
      items(kind).forEach(object -> faults.add(new Fault(this, kind, ObjectKey.of(object))));
    }
    return faults;
  }

  void faultEnded(JsonNode fault) {
    endedFaults.add(fault);
  }

  /** The last state of the faults that were closed and are still evidence. */
  List<JsonNode> endedFaults() {
    return List.copyOf(endedFaults);
  }

  /** Captures everything that a Pod sends and is sent; returns when it does. */
  public Capture capture(Pod pod) {
    return capture(pod, "");
  }

  /**
   * Captures what a Pod sends and is sent; returns when it does.
   *
   * @param filter such as {@code tcp port 80}; docs/using.md has the rest
   */
  public Capture capture(Pod pod, String filter) {
    return capture(pod.toString(), Resource.POD, pod.key(), filter);
  }

  /** Captures what a node exchanges with other nodes, inside the tunnel. */
  public Capture capture(Node node, String filter) {
    return capture(node.toString(), Resource.NODE, new ObjectKey("", node.name()), filter);
  }

  private Capture capture(String what, Resource kind, ObjectKey key, String filter) {
    String path = kind.objectPath(key.namespace(), key.name()) + "/capture";
    String query = filter.isEmpty() ? "" : "?filter=" + Resource.encode(filter);
    try {
      Path folder = Files.createDirectories(programs.captures());
      String file = captureCount.incrementAndGet() + "-" + key.name() + ".pcapng";
      Capture capture =
          Capture.start(
              "capture of " + what + (filter.isEmpty() ? "" : " (" + filter + ")"),
              api.stream(path + query),
              folder.resolve(file));
      captures.add(capture);
      return capture;
    } catch (IOException failure) {
      throw new ClusterFailure("captures cannot be kept: " + failure.getMessage(), failure);
    }
  }

  void paused(Node.Pause pause) {
    pauses.add(pause);
  }

  void resumed(Node.Pause pause) {
    pauses.remove(pause);
  }

  /** The agents that stand still, in the order in which they were stopped. */
  public List<Node.Pause> pauses() {
    return List.copyOf(pauses);
  }

  /** Forgets captures that were closed and faults that have ended: they are no evidence later. */
  public void discardEvidence() {
    endedFaults.clear();
    captures.stream().filter(Capture::isClosed).forEach(Capture::delete);
    captures.removeIf(Capture::isClosed);
  }

  /**
   * Brings it back to what it was when it had started: no faults, no captures, no other objects.
   *
   * @return false where that cannot be done; then it is good for nothing but to be closed
   */
  public boolean reset() {
    captures.forEach(Capture::close);
    discardEvidence();
    return reset.run();
  }

  /**
   * Writes down all that may explain a failure: logs, objects, faults with their seeds and
   * receipts, captures.
   */
  public void writeEvidence(Path folder) {
    new Evidence(this, programs).write(folder);
  }

  private ObjectKey existing(Resource kind, String name) {
    ObjectKey key = ObjectKey.parse(name);
    if (find(kind, key).isEmpty()) {
      throw new ClusterFailure(
          "no "
              + kind.kind()
              + " "
              + key.text()
              + ": there are "
              + keys(kind).stream().map(ObjectKey::text).toList());
    }
    return key;
  }

  private Optional<JsonNode> find(Resource kind, ObjectKey key) {
    try {
      return Optional.of(api.get(kind.objectPath(key.namespace(), key.name())));
    } catch (ApiRefusal refusal) {
      if (refusal.notFound()) {
        return Optional.empty();
      }
      throw refusal;
    }
  }

  JsonNode object(Resource kind, ObjectKey key) {
    return find(kind, key)
        .orElseThrow(() -> new ClusterFailure(kind.kind() + " " + key.text() + " is gone"));
  }

  private List<ObjectKey> keys(Resource kind) {
    return items(kind).stream()
        .map(ObjectKey::of)
        .filter(key -> !key.namespace().equals("kube-system"))
        .toList();
  }

  List<JsonNode> items(Resource kind) {
    JsonNode items = api.get(kind.listPath(null)).path("items");
    return StreamSupport.stream(items.spliterator(), false).toList();
  }

  /** Removes it: processes, namespaces, files. */
  @Override
  public void close() {
    captures.forEach(Capture::close);
    api.close();
    programs.remove();
  }

  @Override
  public String toString() {
    return "Cluster " + name();
  }
}
