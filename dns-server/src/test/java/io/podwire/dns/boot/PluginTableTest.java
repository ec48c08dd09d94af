package io.podwire.dns.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.Namespace;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.model.Service;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.handler.Delivery;
import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.Reuse;
import io.podwire.dns.kubernetes.ClusterState;
import io.podwire.dns.kubernetes.TestCluster;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.TestSite;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsHeader;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordClass;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every question of plugins.txt, asked of a chain that its lines of a Corefile make. */
class PluginTableTest {
  private final TestSite place = new TestSite();
  private final ClusterState state = new ClusterState();
  private final List<Part> parts = new ArrayList<>();

  @AfterEach
  void close() {
    parts.forEach(Part::close);
    place.close();
  }

  @TestFactory
  Stream<DynamicNode> shouldAnswer() throws IOException {
    cluster();
    List<DynamicNode> all = new ArrayList<>();
    for (String section : text().split("(?m)^== ")) {
      if (section.startsWith("#")) {
        continue;
      }
      String[] halves = section.split("(?m)^--\n", 2);
      String title = halves[0].substring(0, halves[0].indexOf('\n'));
      HandlerChain chain = chain(halves[0].substring(title.length()));
      all.add(
          dynamicContainer(
              title,
              halves[1]
                  .lines()
                  .filter(line -> !line.isBlank())
                  .map(line -> dynamicTest(line, () -> check(chain, line)))));
    }
    assertThat(all).hasSizeGreaterThan(10);
    return all.stream();
  }

  private static String text() throws IOException {
    try (var file = PluginTableTest.class.getResourceAsStream("plugins.txt")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void cluster() {
    Map<String, String> web = Map.of("app", "web", "env", "qa");
    EndpointSlice.Endpoint endpoint =
        new EndpointSlice.Endpoint(
            List.of(IpAddress.parse("10.244.1.3")), true, true, false, null, "node-1", "web-abc");
    EndpointSlice.Endpoint longName =
        new EndpointSlice.Endpoint(
            List.of(IpAddress.parse("10.244.1.4")),
            true,
            true,
            false,
            null,
            "node-1",
            "x".repeat(64));
    state.accept(
        TestCluster.snapshot(
            1,
            new Namespace("demo", Map.of("team", "a")),
            new Namespace("other", Map.of("team", "b")),
            labelled(TestCluster.clusterIp("demo/web", List.of("10.96.0.20")), web),
            TestCluster.clusterIp("demo/plain", List.of("10.96.0.22")),
            TestCluster.clusterIp("other/web", List.of("10.96.0.21")),
            labelled(
                TestCluster.headless("demo/db", TestCluster.port("sql", Protocol.TCP, 5432)),
                Map.of("env", "prod")),
            TestCluster.external("demo/ext", "target.test"),
            pod("demo/web-abc", web, "10.244.1.3"),
            pod("demo/bare", Map.of(), "10.244.1.9"),
            TestCluster.slice(
                "demo/db-1",
                "db",
                List.of(TestCluster.target("sql", Protocol.TCP, 5432)),
                endpoint,
                longName)));
  }

  private static Service labelled(Service service, Map<String, String> labels) {
    return new Service(
        service.key(),
        service.type(),
        service.headless(),
        service.clusterIps(),
        service.ports(),
        service.selector(),
        service.externalName(),
        service.publishNotReadyAddresses(),
        service.traffic(),
        service.families(),
        labels);
  }

  private static Pod pod(String key, Map<String, String> labels, String address) {
    ObjectName name = TestCluster.name(key);
    return new Pod(
        name,
        "uid-" + name.name(),
        labels,
        "node-1",
        new PodSpec(List.of(), PodSpec.RestartPolicy.ALWAYS, Map.of(), null, null, false),
        PodPhase.RUNNING,
        List.of(IpAddress.parse(address)),
        true,
        false,
        30);
  }

  private HandlerChain chain(String directives) {
    Problems problems = new Problems();
    String text = ".:53 {\n" + directives + "\n}";
    BlockPlan plan =
        BlockPlan.of(
                new CorefileSource(null, text, Map.of()).read(text, problems),
                PluginOrder.of(state, true),
                problems)
            .get(0);
    assertThat(problems.lines()).as(directives).isEmpty();
    List<Part> made = new ArrayList<>();
    Map<String, Part> byName = new java.util.LinkedHashMap<>();
    for (Map.Entry<String, Plugin.Draft> draft : plan.drafts().entrySet()) {
      Part part = draft.getValue().make(place.withParts(() -> byName));
      byName.put(draft.getKey(), part);
      made.add(part);
    }
    parts.addAll(made);
    return new HandlerChain(made.stream().map(Part::handler).filter(Objects::nonNull).toList());
  }

  /** {@code NAME TYPE [CLASS] [@CLIENT] [OPTION=HEX…] | RCODE | records | … | options}. */
  private static void check(HandlerChain chain, String line) {
    int bar = line.indexOf(" | ");
    String[] words = line.substring(0, bar).strip().split("\\s+");
    int dnsClass = RecordClass.IN;
    String client = "192.0.2.77";
    Edns edns = null;
    for (String word : List.of(words).subList(2, words.length)) {
      if (word.startsWith("@")) {
        client = word.substring(1);
      } else if (word.equals("edns")) {
        edns = Edns.of(1232);
      } else {
        dnsClass = RecordClass.tryParse(word).orElseThrow();
      }
    }
    DnsMessage query =
        new DnsMessage(
            DnsHeader.query(7),
            List.of(
                new Question(
                    DnsName.parse(words[0]),
                    RecordType.tryParse(words[1]).orElseThrow(),
                    dnsClass)),
            List.of(),
            List.of(),
            List.of());
    Query asked =
        Query.of(
            edns == null ? query : query.withEdns(edns),
            new InetSocketAddress(client, 1234),
            new Reuse(),
            Delivery.overUdp("dns://:53"));

    DnsMessage answer = chain.answer(asked).toCompletableFuture().join();

    assertThat(answer.questions()).isEqualTo(query.questions());
    assertThat(text(answer, asked.delivery())).isEqualTo(normal(line.substring(bar + 3)));
  }

  private static String normal(String expected) {
    return Arrays.stream(expected.strip().split("\\|", -1))
        .map(String::strip)
        .collect(Collectors.joining(" | "))
        .replaceAll("( \\| )+$", "");
  }

  private static String text(DnsMessage answer, Delivery delivery) {
    return normal(
        Rcode.text(answer.rcode())
            + Stream.of(answer.answers(), answer.authority(), answer.withoutEdns().additional())
                .map(PluginTableTest::records)
                .collect(Collectors.joining(" | ", " | ", " | "))
            + delivery.options().stream()
                .map(each -> each.code() + "=" + each.value())
                .collect(Collectors.joining("; ")));
  }

  /** Without the class, and without the SOA of the cluster's zone, which is always the same. */
  private static String records(List<ResourceRecord> records) {
    return records.stream()
        .map(each -> each.toString().replaceFirst(" IN ", " "))
        .map(each -> each.startsWith("cluster.local. 5 SOA") ? "soa" : each)
        .collect(Collectors.joining("; "));
  }
}
