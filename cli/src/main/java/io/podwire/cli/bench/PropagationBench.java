package io.podwire.cli.bench;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestStream;
import io.podwire.linux.NetworkNamespace;
import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  /** A benchmark with a probe on each of the nodes. */
  public PropagationBench(ApiClient api, List<String> nodes) {
    this.api = api;
    nodes.forEach(
        node -> probes.put(node, PodNamespaces.of(api, BenchManifests.NAMESPACE, "probe-" + node)));
  }

  /** The namespace that {@link #manifests} fill. */
  public static String namespace() {
    return BenchManifests.NAMESPACE;
  }

  /** What the cluster is filled with; both numbers count everything in the namespace. */
  public static ManifestStream manifests(List<String> nodes, int services, int pods) {
    return BenchManifests.of(nodes, services, pods);
  }

  /** The latencies of all changes, until the last node and until the DNS followed. */
  public record Outcome(Latencies everyNode, Latencies dns) {

    /** For people. */
    public void print(PrintWriter out) {
      out.println("Service change until every node's Pods feel it: " + everyNode.text());
      out.println("Service change until the DNS answers with it:   " + dns.text());
    }
  }

  /** The namespace of the Pod that probes on a node. */
  public NetworkNamespace probe(String node) {
    return Objects.requireNonNull(probes.get(node), node);
  }

  /** Makes the changes one after the other. */
  public Outcome run(int changes) {
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
    return new Outcome(everyNode, dns);
  }

  private long measure(
      String service,
      String backend,
      List<NetworkNamespace> pods,
      InetSocketAddress server,
      byte[] question,
      Predicate<ByteBuffer> effect) {
    try (EffectProbes asking = EffectProbes.in(pods, server)) {
      long began = System.nanoTime();
      CompletableFuture<Long> last =
          CompletableFuture.supplyAsync(() -> asking.await(question, effect, PATIENCE), thread);
      api.mergePatch(
          Resource.SERVICE.objectPath(BenchManifests.NAMESPACE, service),
          "{\"spec\":{\"selector\":{\"backend\":\"" + backend + "\"}}}");
      return last.join() - began;
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof CommandFailure told ? told : failure;
    }
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

  @Override
  public void close() {
    thread.shutdownNow();
    probes.values().forEach(NetworkNamespace::close);
  }
}
