package io.podwire.cli.bench;

import io.podwire.bench.comparison.Chapter;
import io.podwire.bench.comparison.Networks;
import io.podwire.bench.comparison.Session;
import io.podwire.bench.comparison.Topic;
import io.podwire.bench.load.Dnsperf;
import io.podwire.bench.load.DnsperfReport;
import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import io.podwire.bench.nameserver.ServiceNames;
import io.podwire.bench.nameserver.StubResolver;
import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.Tool;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.manifest.ManifestFiles;
import io.podwire.linux.NetworkNamespace;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether the DNS of a cluster loses a query or gives a wrong answer while Services change: dnsperf
 * asks from a Pod, through the node's data path, for names every fifth of which does not exist, one
 * Service changes each second, and single answers are compared meanwhile.
 */
public final class DnsUpdatesChapter implements Chapter {
  private static final String CLUSTER = "bench-dns-updates";
  private static final String NAMESPACE = PodwireNames.NAMESPACE;
  private static final String MOVING = "moving";
  private static final String NAME = MOVING + "." + NAMESPACE + ".svc." + PodwireNames.ZONE;
  private static final int ABSENT_EVERY = 5;
  private static final int WARM_UP_SECONDS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration LAST_CHANGE = Duration.ofSeconds(10);
  private static final String CLIENT =
      """
      apiVersion: v1
      kind: Pod
      metadata: {namespace: bench, name: client}
      spec: {containers: [{name: main, image: podwire/pause}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {namespace: bench, name: moving}
      spec: {clusterIP: None, ports: [{port: 80}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        namespace: bench
        name: moving
        labels: {kubernetes.io/service-name: moving}
      addressType: IPv4
      endpoints: [{addresses: [%s]}]
      ports: [{port: 80}]
      """;

  @Override
  public Topic topic() {
    return Topic.DNS_UPDATES;
  }

  @Override
  public void measure(Session session) {
    Optional<String> missing = Tool.missing(Tool.DNSPERF);
    if (missing.isPresent()) {
      session.findings().missing("dns-updates: " + missing.get());
      return;
    }
    int names = session.plan().names();
    session.progress().now("DNS under updates: starting a cluster with " + names + " Services");
    try (BenchCluster cluster = session.bench().keep(BenchCluster.start(CLUSTER, 1))) {
      ServiceNames services = PodwireNames.fill(cluster, names);
      cluster.fill(
          ManifestFiles.ofText(
              "the benchmark's manifests", CLIENT.formatted(AnswerWatch.Moving.address(0))),
          NAMESPACE);
      NetworkNamespace pod =
          session.bench().keep(PodNamespaces.of(cluster.api(), NAMESPACE, "client"));
      InetSocketAddress dns =
          new InetSocketAddress(
              cluster.plan().dnsServiceAddresses().getFirst().toString(), PodwireNames.PORT);
      run(session, cluster.api(), services, pod, dns);
    }
  }

  private static void run(
      Session session,
      ApiClient api,
      ServiceNames services,
      NetworkNamespace pod,
      InetSocketAddress dns) {
    Dnsperf dnsperf = new Dnsperf(session.bench(), queries(services));
    dnsperf.run(pod, dns, WARM_UP_SECONDS);
    int seconds = session.plan().seconds() * session.plan().rounds();
    session.progress().now("DNS under updates: " + seconds + " s");
    AtomicInteger begun = new AtomicInteger();
    AtomicBoolean ended = new AtomicBoolean();
    ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
    try (StubResolver resolver = StubResolver.in(pod, dns, PATIENCE)) {
      AnswerWatch watch =
          new AnswerWatch(
              resolver, services, new AnswerWatch.Moving(NAME, begun::get), new Random(1));
      Future<?> changes =
          threads.scheduleAtFixedRate(
              () -> change(api, begun.incrementAndGet()), 1, 1, TimeUnit.SECONDS);
      Future<?> watching =
          threads.submit(() -> {
            while (!ended.get()) {
              watch.askAll();
            }
          });
      DnsperfReport report = dnsperf.run(pod, dns, seconds).report();
      ended.set(true);
      // Done only where one has failed.
      if (changes.isDone()) {
        await(changes);
      }
      changes.cancel(false);
      await(watching);
      catchUp(watch, begun);
      report(session, services.addresses().size(), report, watch, begun.get());
    } finally {
      threads.shutdownNow();
    }
  }

  /** Four names that are there, one that is not, and so on. */
  private static List<String> queries(ServiceNames services) {
    List<String> lines = new ArrayList<>();
    for (String line : services.queries()) {
      lines.add(line);
      if (lines.size() % ABSENT_EVERY == ABSENT_EVERY - 1) {
        lines.add("absent-" + line);
      }
    }
    // dnsperf begins anew at the end, and the share is to stay.
    return lines.subList(0, lines.size() - lines.size() % ABSENT_EVERY);
  }

  private static void change(ApiClient api, int change) {
    api.mergePatch(
        Resource.ENDPOINT_SLICE.objectPath(NAMESPACE, MOVING),
        "{\"endpoints\": [{\"addresses\": [\"" + AnswerWatch.Moving.address(change) + "\"]}]}");
  }

  private static void await(Future<?> work) {
    try {
      work.get(PATIENCE.toSeconds() * 5, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw new BenchFailure("DNS under updates: " + failure.getCause());
    } catch (TimeoutException failure) {
      throw new BenchFailure("DNS under updates: the questions do not come to their end");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    }
  }

  private static void catchUp(AnswerWatch watch, AtomicInteger begun) {
    long deadline = System.nanoTime() + LAST_CHANGE.toNanos();
    while (watch.seen() < begun.get()) {
      if (System.nanoTime() > deadline) {
        throw new BenchFailure(
            "the DNS shows change " + watch.seen() + " of " + MOVING + ", not " + begun.get());
      }
      watch.askAll();
    }
  }

  private static void report(
      Session session, int names, DnsperfReport report, AnswerWatch watch, int changes) {
    String what = "DNS under " + changes + " changes, one a second, " + names + " Services";
    long misplaced = Math.abs(report.absent() - report.sent() / ABSENT_EVERY);
    // The last five queries may be cut short.
    long wrong =
        watch.wrong() + report.failed() - report.absent() + (misplaced <= 1 ? 0 : misplaced);
    add(
        session,
        "queries",
        what + ", through the data path",
        "queries per s",
        report.queriesPerSecond());
    add(session, "compared", what + ", answers compared", "answers", watch.asked());
    session
        .findings()
        .add(
            row("lost", what + ", lost", "queries", report.lost() + watch.lost())
                .bounded(Networks.PODWIRE, Target.atMost(0)));
    session
        .findings()
        .add(
            row("wrong", what + ", wrong", "answers", wrong)
                .bounded(Networks.PODWIRE, Target.atMost(0)));
    if (!watch.firstWrong().isEmpty()) {
      session
          .findings()
          .failure("DNS under updates, the first wrong answer: " + watch.firstWrong());
    }
  }

  private static void add(Session session, String id, String what, String unit, double value) {
    session.findings().add(row(id, what, unit, value));
  }

  private static Row row(String id, String what, String unit, double value) {
    return Row.of(
        "dns-updates-" + id, what, unit, List.of(new Series(Networks.PODWIRE, Samples.of(value))));
  }
}
