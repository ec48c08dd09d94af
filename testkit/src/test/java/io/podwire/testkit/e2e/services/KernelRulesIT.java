package io.podwire.testkit.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.service.IpvsScheduler;
import io.podwire.netstack.service.ProxyMode;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.testkit.e2e.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules that two nodes export, given to the Linux kernel: it takes them, and every line of the
 * table comes true there too.
 */
class KernelRulesIT {

  private static final int LIMIT_SECONDS = 60;

  private final ServiceFlows table = ServiceFlows.read();
  @TempDir Path scratch;

  @BeforeEach
  void needs() throws IOException {
    Tools.assumeRoot();
    Tools.assumeInstalled(
        "unshare", "ip", "python3", "iptables-restore", "ip6tables-restore", "nft");
  }

  private static ProxySettings settings(ProxyMode mode) {
    return new ProxySettings(mode, IpvsScheduler.RR);
  }

  private Path rules(DatapathNode node, ProxyMode mode, String name, boolean ipv4)
      throws IOException {
    String text = node.datapath().rules().text(settings(mode), ipv4);
    return Files.writeString(scratch.resolve(name + (ipv4 ? "-ipv4" : "-ipv6")), text);
  }

  private String run(String... command) throws Exception {
    Path out = scratch.resolve("out.txt");
    Path err = scratch.resolve("err.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    assertThat(ended).as("ended in time: %s", Files.readString(err)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return Files.readString(out);
  }

  @ParameterizedTest
  @EnumSource(names = {"IPTABLES", "NFTABLES"})
  void shouldDoInTheKernelWhatTheTableSays(ProxyMode mode) throws Exception {
    List<Flow> flows = table.flows(mode);
    Map<Integer, Set<String>> kernel = ask(mode, flows);
    List<String> differences = new ArrayList<>();
    for (Flow flow : flows) {
      Set<String> seen = Objects.requireNonNull(kernel.get(flow.line()), flow.text());
      String difference = flow.difference(mode, seen, FlowHost.PODS);
      if (!difference.isEmpty()) {
        differences.add(difference);
      }
    }
    assertThat(String.join("\n", differences)).isEmpty();
    assertThat(flows).hasSizeGreaterThanOrEqualTo(300);
  }

  /** By line what was seen: "endpoint address", or another outcome. */
  private Map<Integer, Set<String>> ask(ProxyMode mode, List<Flow> flows) throws Exception {
    DatapathNodes nodes = new DatapathNodes(mode, table);
    StringBuilder hosts = new StringBuilder();
    for (Map<String, FlowHost> each : List.of(FlowHost.NODES, FlowHost.MACHINES, FlowHost.PODS)) {
      for (FlowHost host : each.values()) {
        hosts.append(nameInKernel(host.name())).append(' ').append(place(host)).append(' ');
        hosts.append(host.ipv4()).append(' ').append(host.ipv6()).append('\n');
      }
    }
    Files.writeString(scratch.resolve("hosts"), hosts);
    for (String node : List.of(FlowHost.NODE_1, FlowHost.NODE_2)) {
      rules(nodes.node(node), mode, node, true);
      rules(nodes.node(node), mode, node, false);
    }
    StringBuilder lines = new StringBuilder();
    for (Flow flow : flows) {
      lines.append(nameInKernel(flow.source())).append(' ').append(flow.question());
    }
    Files.writeString(scratch.resolve("flows"), lines);
    for (String program : List.of("kernel_node.py", "flow_client.py", "flow_server.py")) {
      try (InputStream text =
          Objects.requireNonNull(KernelRulesIT.class.getResourceAsStream(program))) {
        Files.copy(text, scratch.resolve(program));
      }
    }
    // In namespaces of its own, which end with the program whatever happens.
    String out =
        run(
            "unshare",
            "--net",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "python3",
            scratch.resolve("kernel_node.py").toString(),
            mode == ProxyMode.IPTABLES ? "iptables" : "nftables",
            scratch.toString());
    return Flow.answers(out);
  }

  private static String nameInKernel(String name) {
    return name.equals("node") ? FlowHost.NODE_1 : name;
  }

  private static String place(FlowHost host) {
    return host.node().isEmpty() ? host.name() : nameInKernel(host.node());
  }

  @Test
  void shouldPrintWhatTheKernelsToolsTake() throws Exception {
    DatapathNode node = new DatapathNodes(ProxyMode.IPTABLES, table).node(FlowHost.NODE_1);
    for (boolean ipv4 : new boolean[] {true, false}) {
      String restore = ipv4 ? "iptables-restore" : "ip6tables-restore";
      Path rules = rules(node, ProxyMode.IPTABLES, "iptables", ipv4);
      run("unshare", "-n", restore, "--test", rules.toString());
      rules = rules(node, ProxyMode.NFTABLES, "nftables", ipv4);
      run("unshare", "-n", "nft", "-c", "-f", rules.toString());
    }
  }
}
