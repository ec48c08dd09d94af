package io.podwire.cli.bench;

import io.podwire.cli.api.ApiClient;
import io.podwire.cli.api.Resource;
import io.podwire.cli.exec.ExecRequest;
import io.podwire.cli.exec.ExecSession;
import io.podwire.cli.manifest.ManifestStream;
import io.podwire.cli.outcome.CommandFailure;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.ProcessTable;
import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * How long a change of a Service takes until every node's Pods and the DNS feel it, on a local
 * cluster that {@link #manifests} have filled.
 *
 * <p>The change turns a selector from one backend to the other; the time runs from before the
 * request until a probe in a Pod of each node, or the DNS, answers with the other backend.
 */
public final class PropagationBench implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int DNS_PORT = 53;
  private static final byte[] HOSTNAME = "hostname".getBytes(StandardCharsets.US_ASCII);

  private final ApiClient api;
  private final Map<String, NetworkNamespace> probes = new TreeMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** A benchmark with a probe on each of the nodes. */
  public PropagationBench(ApiClient api, List<String> nodes) {
    this.api = api;
    nodes.forEach(node -> probes.put(node, namespaceOf("probe-" + node)));
  }

  /** The namespace that {@link #manifests} fill. */
  public static String namespace() {
    return BenchManifests.NAMESPACE;
  }

  /** What the cluster is filled with; both numbers count everything in the namespace. */
  public static ManifestStream manifests(List<String> nodes, int services, int pods) {
    return BenchManifests.of(nodes, services, pods);
  }

  /** Makes the changes one after the other and prints the latencies. */
  public void run(int changes, PrintWriter out) {
    Latencies everyNode = new Latencies();
    Latencies dns = new Latencies();
    InetSocketAddress service =
        new InetSocketAddress(
            clusterIp(BenchManifests.NAMESPACE, BenchManifests.BALANCED),
            BenchManifests.SERVICE_PORT);
    InetSocketAddress resolver =
        new InetSocketAddress(clusterIp("kube-system", "kube-dns"), DNS_PORT);
    for (int change = 0; change < changes; change++) {
      String backend = change % 2 == 0 ? "b" : "a";
      everyNode.add(
          measure(
              BenchManifests.BALANCED,
              backend,
              List.copyOf(probes.values()),
              service,
              HOSTNAME,
              answer -> text(answer).equals(backend)));
      String address =
          api.get(Resource.POD.objectPath(BenchManifests.NAMESPACE, backend))
              .at("/status/podIP")
              .asText();
      dns.add(
          measure(
              BenchManifests.HEADLESS,
              backend,
              List.of(probes.values().iterator().next()),
              resolver,
              question(),
              answer -> addresses(answer).equals(List.of(address))));
    }
    out.println("Service change until every node's Pods feel it: " + everyNode.text());
    out.println("Service change until the DNS answers with it:   " + dns.text());
  }

  private long measure(
      String service,
      String backend,
      List<NetworkNamespace> pods,
      InetSocketAddress server,
      byte[] question,
      Predicate<ByteBuffer> effect) {
    long began = System.nanoTime();
    List<CompletableFuture<Long>> seen = new ArrayList<>();
    for (NetworkNamespace pod : pods) {
      seen.add(
          CompletableFuture.supplyAsync(
              () -> new EffectProbe(pod, server, pods.size()).await(question, effect, PATIENCE),
              threads));
    }
    api.mergePatch(
        Resource.SERVICE.objectPath(BenchManifests.NAMESPACE, service),
        "{\"spec\":{\"selector\":{\"backend\":\"" + backend + "\"}}}");
    long last = began;
    for (CompletableFuture<Long> each : seen) {
      try {
        last = Math.max(last, each.join());
      } catch (CompletionException failure) {
        throw failure.getCause() instanceof CommandFailure told ? told : failure;
      }
    }
    return last - began;
  }

  private static byte[] question() {
    DnsName name =
        DnsName.parse(
            BenchManifests.HEADLESS + "." + BenchManifests.NAMESPACE + ".svc.cluster.local.");
    ByteBuffer wire =
        DnsCodec.encode(
            DnsMessage.query(1, Question.of(name, RecordType.A)), DnsCodec.MAX_PLAIN_UDP);
    byte[] octets = new byte[wire.remaining()];
    wire.get(octets);
    return octets;
  }

  private static List<String> addresses(ByteBuffer answer) {
    return DnsCodec.decode(answer) instanceof Decoded.Valid valid
        ? valid.message().answers().stream()
            .map(record -> record.data() instanceof Rdata.A a ? a.address().toString() : "")
            .toList()
        : List.of();
  }

  private static String text(ByteBuffer answer) {
    return StandardCharsets.UTF_8.decode(answer).toString().strip();
  }

  private String clusterIp(String namespace, String service) {
    return api.get(Resource.SERVICE.objectPath(namespace, service)).at("/spec/clusterIP").asText();
  }

  /** The network namespace of a Pod, by asking inside and looking for it from outside. */
  private NetworkNamespace namespaceOf(String pod) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExecRequest request =
        ExecRequest.of(
            BenchManifests.NAMESPACE, pod, List.of("/bin/sh", "-c", "ls -l /proc/self/ns/net"));
    try (ExecSession session =
        ExecSession.start(api.transport(), request, out, OutputStream.nullOutputStream())) {
      session.await(PATIENCE);
    }
    String link = out.toString(StandardCharsets.UTF_8).strip();
    int open = link.lastIndexOf('[');
    int close = link.lastIndexOf(']');
    if (open < 0 || close < open) {
      throw new CommandFailure("the network namespace of Pod " + pod + " is unknown: " + link);
    }
    List<Long> inside =
        ProcessTable.inNetworkNamespace(Long.parseLong(link.substring(open + 1, close)));
    if (inside.isEmpty()) {
      throw new CommandFailure(
          "Pod " + pod + " is not on this machine: the benchmark needs a local cluster");
    }
    return NetworkNamespace.ofProcess(inside.getFirst());
  }

  @Override
  public void close() {
    threads.shutdownNow();
    probes.values().forEach(NetworkNamespace::close);
  }
}
