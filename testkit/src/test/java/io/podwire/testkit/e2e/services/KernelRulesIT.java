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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules that a node exports, given to the Linux kernel: it takes them, and connections come to
 * the same as with the node's own datapath, line by line of the table.
 */
class KernelRulesIT {

  private static final int LIMIT_SECONDS = 60;

  private final ServiceFlows table = ServiceFlows.read();
  @TempDir Path scratch;

  @BeforeEach
  void needs() throws IOException {
    Tools.assumeRoot();
    Tools.assumeInstalled("unshare", "ip", "python3", "iptables-restore", "nft");
  }

  private static ProxySettings settings(ProxyMode mode) {
    return new ProxySettings(mode, IpvsScheduler.RR);
  }

  private DatapathNode node(ProxyMode mode) {
    DatapathNode node = new DatapathNode(1);
    node.datapath().balance(settings(mode));
    table.bind(node.datapath().services());
    return node;
  }

  private Path rules(DatapathNode node, ProxyMode mode, boolean ipv4) throws IOException {
    String text = node.datapath().rules().text(settings(mode), ipv4);
    return Files.writeString(scratch.resolve("rules-" + ipv4), text);
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
  void shouldDoInTheKernelWhatTheDatapathDoes(ProxyMode mode) throws Exception {
    DatapathNode node = node(mode);
    List<ServiceFlows.Flow> flows =
        table.flows().stream().filter(flow -> flow.isFor(mode)).toList();
    Map<Integer, Set<String>> kernel = ask(mode, rules(node, mode, true), flows);
    List<String> differences = new ArrayList<>();
    for (ServiceFlows.Flow flow : flows) {
      Set<String> outcomes = new TreeSet<>();
      Set<String> sources = new TreeSet<>();
      read(flow, Objects.requireNonNull(kernel.get(flow.line()), flow.text()), outcomes, sources);
      String difference = flow.difference(mode, outcomes, sources);
      if (!difference.isEmpty()) {
        differences.add("kernel, " + difference);
      }
      node.ask(flow);
      difference = flow.difference(mode, node.outcomes(), node.sources());
      if (!difference.isEmpty()) {
        differences.add("datapath, " + difference);
      }
    }
    assertThat(String.join("\n", differences)).isEmpty();
    assertThat(flows).hasSizeGreaterThanOrEqualTo(90);
  }

  /** By line what was seen: "endpoint address", reject or drop. */
  private Map<Integer, Set<String>> ask(ProxyMode mode, Path rules, List<ServiceFlows.Flow> flows)
      throws Exception {
    StringBuilder lines = new StringBuilder();
    for (ServiceFlows.Flow flow : flows) {
      lines.append(flow.line()).append(' ').append(flow.source()).append(' ');
      lines.append(ServiceFlows.ADDRESSES.get(flow.source())).append(' ');
      lines.append(flow.protocol() == 6 ? "tcp " : "udp ");
      lines.append(flow.address()).append(' ').append(flow.port()).append('\n');
    }
    Path asked = Files.writeString(scratch.resolve("flows"), lines);
    Path script = scratch.resolve("kernel_node.py");
    try (InputStream text =
        Objects.requireNonNull(KernelRulesIT.class.getResourceAsStream("kernel_node.py"))) {
      Files.copy(text, script);
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
            script.toString(),
            mode == ProxyMode.IPTABLES ? "iptables" : "nftables",
            rules.toString(),
            asked.toString());
    Map<Integer, Set<String>> seen = new HashMap<>();
    for (String line : out.split("\n")) {
      String[] parts = line.split(";");
      Set<String> outcomes = new TreeSet<>(Arrays.asList(parts).subList(1, parts.length));
      seen.put(Integer.parseInt(parts[0]), outcomes);
    }
    return seen;
  }

  private static void read(
      ServiceFlows.Flow flow, Set<String> seen, Set<String> outcomes, Set<String> sources) {
    String client = ServiceFlows.ADDRESSES.get(flow.source());
    Set<String> own = Set.of("10.244.1.1", "172.30.0.11");
    for (String outcome : seen) {
      String[] words = outcome.split(" ");
      outcomes.add(words[0]);
      if (words.length > 1) {
        sources.add(
            own.contains(words[1]) ? "node" : words[1].equals(client) ? "client" : words[1]);
      }
    }
  }

  @Test
  void shouldPrintWhatTheKernelsToolsTake() throws Exception {
    DatapathNode node = node(ProxyMode.IPTABLES);
    String inside = "unshare";
    run(
        inside,
        "-n",
        "iptables-restore",
        "--test",
        rules(node, ProxyMode.IPTABLES, true).toString());
    run(
        inside,
        "-n",
        "ip6tables-restore",
        "--test",
        rules(node, ProxyMode.IPTABLES, false).toString());
    run(inside, "-n", "nft", "-c", "-f", rules(node, ProxyMode.NFTABLES, true).toString());
    run(inside, "-n", "nft", "-c", "-f", rules(node, ProxyMode.NFTABLES, false).toString());
  }
}
