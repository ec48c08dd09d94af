package io.podwire.controlplane.kind;

import static io.podwire.controlplane.kind.FaultManifest.bare;
import static io.podwire.controlplane.kind.FaultManifest.networkFault;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkFaultRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      maxCharsPerColumn = 8192,
      value = {
        "delay: {latency: '100'} | spec.delay.latency: '100' has no unit; write it as 100ms, 1.5s"
            + " or 1h5m",
        "delay: {latency: 100} | spec.delay.latency: 100 is of the wrong type; write text; put it"
            + " in quotes",
        "delay: {latency: 0ms} | spec.delay.latency: '0ms' is no time at all; write a longer one,"
            + " such as 100ms, or leave the field out",
        "delay: {latency: -5ms} | spec.delay.latency: '-5ms' is negative; write a longer one, such"
            + " as 100ms, or leave the field out",
        "delay: {latency: 25h} | spec.delay.latency: '25h' is more than a day; write a shorter one",
        "delay: {} | spec.delay.latency: is required; write a duration such as 100ms",
        "delay: {latency: 1s, jitter: -1ms} | spec.delay.jitter: '-1ms' is negative; write 0 or"
            + " more, such as 10ms",
        "delay: {latency: 1s, correlation: 25%} | spec.delay.correlation: '25%' has no jitter to"
            + " act on; write jitter beside it",
        "delay: {latency: 1s, distribution: normal} | spec.delay.distribution: 'normal' has no"
            + " jitter to act on; write jitter beside it",
        "delay: {latency: 1s, jitter: 1ms, distribution: gauss} | spec.delay.distribution: 'gauss'"
            + " is not supported; write uniform, normal, pareto or paretonormal",
        "delay: {latency: 1s, latancy: 2s} | spec.delay.latancy: no such field; did you mean"
            + " latency?",
        "loss: {percent: '25'} | spec.loss.percent: '25' has no unit; write it with a percent sign,"
            + " as 25%",
        "loss: {percent: 101%} | spec.loss.percent: '101%' is over 100 %; write a number from 0 to"
            + " 100",
        "loss: {percent: -1%} | spec.loss.percent: '-1%' is below 0 %; write a number from 0 to"
            + " 100",
        "loss: {} | spec.loss.percent: is required; write a percentage such as 10%, or state,"
            + " gemodel or nth",
        "loss: {correlation: 25%, nth: {every: 2}} | spec.loss.correlation: '25%' has nothing to"
            + " correlate; write percent beside it, above 0%",
        "loss: {percent: 0%, correlation: 25%} | spec.loss.correlation: '25%' has nothing to"
            + " correlate; write percent beside it, above 0%",
        "loss: {percent: 1%, gemodel: {p: 1%}} | spec.loss.gemodel: is a second model of loss"
            + " beside percent; write one of them",
        "loss: {state: {p13: 60%, p14: 50%}} | spec.loss.state.p14: '50%' and p13 are more than 100"
            + " % together; write less, or p13 too",
        "loss: {state: {p13: 10%, p32: 20%}} | spec.loss.state.p32: '20%' and p31 are more than 100"
            + " % together; write less, or p31 too",
        "loss: {gemodel: {r: 1%}} | spec.loss.gemodel.p: is required; write a percentage such as"
            + " 10%",
        "loss: {nth: {every: 3, packet: 3}} | spec.loss.nth.packet: 3 is out of range; write 0 to"
            + " 2: packets are counted from 0",
        "loss: {nth: {every: 0}} | spec.loss.nth.every: 0 is too little; write 1 or more",
        "corrupt: {correlation: 5%} | spec.corrupt.percent: is required; write a percentage such as"
            + " 10%; spec.corrupt.correlation: '5%' has nothing to correlate; write percent beside"
            + " it, above 0%",
        "duplicate: {percent: lots} | spec.duplicate.percent: 'lots' is no percentage; write it as"
            + " 12.5%",
        "reorder: {percent: 25%} | spec.reorder: packets can only pass others that are delayed;"
            + " write delay beside it",
        "delay: {latency: 1s}, reorder: {gap: 5} | spec.reorder.percent: is required; write a"
            + " percentage such as 10%",
        "rate: {rate: '10'} | spec.rate.rate: '10' has no unit; write it as 10mbit (bits a second)"
            + " or 1mbps (bytes)",
        "rate: {} | spec.rate.rate: is required; write a rate such as 10mbit (bits a second) or"
            + " 1mbps (bytes)",
        "rate: {rate: 1mbit, cellOverhead: 5} | spec.rate.cellOverhead: 5 has no cells to act on;"
            + " write cellSize beside it",
        "rate: {rate: 1mbit}, bandwidth: {rate: 1mbit, limit: 1, buffer: 1} | spec.bandwidth: is a"
            + " second bound beside rate; write one of them: rate goes with other effects as"
            + " netem's, bandwidth is tbf's token bucket",
        "bandwidth: {rate: 1mbit} | spec.bandwidth.limit: is required; write a number of bytes,"
            + " such as 10000; spec.bandwidth.buffer: is required; write a number of bytes, such as"
            + " 10000",
        "bandwidth: {rate: 1mbit, limit: 1xb, buffer: 0} | spec.bandwidth.limit: '1xb' is no size;"
            + " write bytes, or a text such as 64kb or 20mb; spec.bandwidth.buffer: 0 is out of"
            + " range; write 1 to 1000000000 bytes",
        "bandwidth: {rate: 1mbit, limit: 1, buffer: 1, peakrate: 2mbit} | spec.bandwidth.minburst:"
            + " is required; peakrate needs it; write a number of bytes: 1500 or more",
        "bandwidth: {rate: 2mbit, limit: 1, buffer: 1, peakrate: 1mbit, minburst: 1500} |"
            + " spec.bandwidth.peakrate: '1mbit' is not above the rate; write a higher one",
        "bandwidth: {rate: 2mbit, limit: 1, buffer: 1, minburst: 1500} | spec.bandwidth.minburst:"
            + " 1500 is the bucket of peakrate; write peakrate beside it",
        "slot: {min: 2ms, max: 1ms} | spec.slot.max: '1ms' is less than min; write min or more",
        "limit: 10 | spec.limit: 10 bounds no queue; write delay, rate or slot beside it",
        "delay: {latency: 1s}, limit: 0 | spec.limit: 0 is too little; write 1 or more",
        "partition: {}, delay: {latency: 1s} | spec.delay: contradicts partition, which leaves no"
            + " traffic to act on; write one of them, or a fault for each",
        "hold: {}, interfaceDown: {} | spec.interfaceDown: contradicts hold, which leaves no"
            + " traffic to act on; write one of them, or a fault for each; spec.hold: contradicts"
            + " interfaceDown, which leaves no traffic to act on; write one of them, or a fault for"
            + " each",
        "partition: {}, stream: [{type: down}] | spec.stream: contradicts partition, which leaves"
            + " no traffic to act on; write one of them",
        "partition: {shape: half} | spec.partition.shape: 'half' is not supported; write one,"
            + " majority, majorities-ring, minority-third or all",
        "partition: {shape: one}, direction: to | spec.direction: contradicts partition.shape,"
            + " which parts what selector chooses; write one of them",
        "flap: {up: 1s} | spec.flap.down: is required; write how long it does not, such as 1s",
        "mtu: 20 | spec.mtu: 20 is no MTU; write 68 to 65535 bytes",
        "stream: [{type: slow}] | spec.stream[0].type: 'slow' is not supported; write latency,"
            + " bandwidth, slow_close, timeout, reset_peer, slicer, limit_data or down",
        "stream: [{type: latency, attributes: {delay: 5}}] | spec.stream[0].attributes.delay: no"
            + " such attribute of latency; it has latency, jitter",
        "stream: [{type: bandwidth}] | spec.stream[0].attributes.rate: is required; write a whole"
            + " number of KB/s",
        "stream: [{type: latency, attributes: {latency: 1.5}}] |"
            + " spec.stream[0].attributes.latency: 1.5 is no time; write a whole number of"
            + " milliseconds, or a text such as '100ms'",
        "stream: [{type: slicer, attributes: {average_size: 5, size_variation: 5}}] |"
            + " spec.stream[0].attributes.size_variation: 5 is not below average_size; write less"
            + " than it",
        "stream: [{type: down, toxicity: 2}] | spec.stream[0].toxicity: 2 is no share; write a"
            + " number from 0 to 1, such as 0.5",
        "stream: [{type: down, stream: up}] | spec.stream[0].stream: 'up' is not supported; write"
            + " upstream or downstream",
        "stream: [{type: down}], protocol: udp | spec.protocol: 'udp' has no streams; write tcp or"
            + " remove the field, or remove stream",
        "dns: {action: delay} | spec.dns.delay: is required; write how late the answer comes, such"
            + " as 2s",
        "dns: {action: drop, delay: 2s} | spec.dns.delay: has no meaning with 'drop'; it is for"
            + " delay",
        "dns: {action: drop, addresses: [192.0.2.1]} | spec.dns.addresses: has no meaning with"
            + " 'drop'; it is for address",
        "dns: {action: address, addresses: [here]} | spec.dns.addresses[0]: 'here' is no IP"
            + " address; write it as 192.0.2.1",
        "dns: {action: drop, patterns: ['a*.b']} | spec.dns.patterns[0]: 'a*.b' has a '*' before"
            + " its end; write it last, or '?' for single characters",
        "dns: {action: drop, types: [a]} | spec.dns.types[0]: 'a' is no record type; write A, AAAA,"
            + " SRV or another",
        "dns: {action: drop}, loss: {percent: 1%} | spec.dns: goes with no other effect; write a"
            + " fault for each: several act at once",
        "dns: {action: drop}, direction: to | spec.direction: has no meaning for dns; remove it",
        "pod: {action: pod-stop} | spec.pod.action: 'pod-stop' is not supported; write pod-kill,"
            + " pod-failure or container-kill",
        "loss: {percent: 1%}, protocol: ipx | spec.protocol: 'ipx' is no protocol; write tcp, udp,"
            + " icmp, sctp or a number from 1 to 255",
        "loss: {percent: 1%}, protocol: icmp, ports: [80] | spec.ports: protocol 'icmp' has no"
            + " ports; write tcp, udp or sctp, or remove the ports",
        "loss: {percent: 1%}, ports: [http] | spec.ports[0]: 'http' is no port; write a number from"
            + " 1 to 65535, or two as 8000-8100",
        "loss: {percent: 1%}, ports: [90-80] | spec.ports[0]: '90-80' is no port; write a number"
            + " from 1 to 65535, or two as 8000-8100",
        "loss: {percent: 1%}, externalTargets: [example.org] | spec.externalTargets[0]:"
            + " 'example.org' is no address; write IP addresses or networks such as 192.0.2.0/24:"
            + " host names are not resolved",
        "loss: {percent: 1%}, externalTargets: [10.0.0.1/8] | spec.externalTargets[0]: '10.0.0.1/8'"
            + " is no network; 10.0.0.1/8 has host bits set; write 10.0.0.0/8",
        "loss: {percent: 1%}, direction: sideways | spec.direction: 'sideways' is not supported;"
            + " write to, from or both",
        "loss: {percent: 1%}, mode: some | spec.mode: 'some' is not supported; write all, one,"
            + " fixed, fixed-percent or random-max-percent",
        "loss: {percent: 1%}, mode: fixed | spec.value: is required; mode 'fixed' needs it; write"
            + " how many, 1 or more in quotes",
        "loss: {percent: 1%}, mode: fixed-percent, value: 101 | spec.value: 101 is out of range;"
            + " write a percentage from 1 to 100",
        "loss: {percent: 1%}, target: {selector: {}, mode: fixed} | spec.target.value: is required;"
            + " mode 'fixed' needs it; write how many, 1 or more in quotes",
        "loss: {percent: 1%}, target: {} | spec.target.selector: is required; write which Pods are"
            + " meant, or {} for all of the namespace",
        "loss: {percent: 1%}, duration: 10 | spec.duration: 10 is of the wrong type; write text;"
            + " put it in quotes",
        "loss: {percent: 1%}, duration: 10sec | spec.duration: '10sec' has the unit 'sec', which is"
            + " none of ns, us, ms, s, m, h; write it as 100ms, 1.5s or 1h5m",
        "loss: {percent: 1%}, duration: 0s | spec.duration: '0s' is no time at all; write a longer"
            + " one, such as 100ms, or leave the field out",
        "loss: {percent: 1%}, lease: {} | spec.lease.seconds: is required; write after how many"
            + " seconds without heartbeat it ends",
        "loss: {percent: 1%}, lease: {seconds: 3601} | spec.lease.seconds: 3601 is too long; write"
            + " at most 3600",
        "loss: {percent: 1%}, los: {} | spec.los: no such field; did you mean loss?",
        "duration: 10s | spec: is required; write an effect, such as delay: {latency: 100ms} or"
            + " loss: {percent: 10%}",
        "links: Nodes, loss: {percent: 1%} | spec.selector.labelSelectors: chooses Pods, but nodes"
            + " are meant; write nodes or nodeSelectors",
        "links: Wires, loss: {percent: 1%} | spec.links: 'Wires' is not supported; write Pods or"
            + " Nodes",
      })
  void shouldRefuseWhatIsWrong(String spec, String messages) {
    assertThat(String.join("; ", Checked.of(networkFault(spec)).problems())).isEqualTo(messages);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "loss: {percent: 1%} | spec.selector: is required; write which Pods are meant, or {} for"
            + " all of the namespace",
        "selector: {}, node: {action: nap} | spec.node.action: 'nap' is not supported; write"
            + " agent-kill, agent-pause, control-plane-cut, delayed-endpoints, stale-endpoints or"
            + " zookeeper-session-expired",
        "selector: {}, node: {action: agent-pause} | spec.duration: is required; write for how"
            + " long: the agent cannot be told when it ends",
        "selector: {}, node: {action: delayed-endpoints} | spec.node.delay: is required; write how"
            + " late, such as 5s",
        "selector: {}, node: {action: agent-kill, delay: 1s} | spec.node.delay: has no meaning with"
            + " 'agent-kill'; it is for delayed-endpoints",
        "selector: {}, links: Pods, node: {action: agent-kill} | spec.links: 'Pods' contradicts"
            + " node, which acts on nodes; remove it",
        "selector: {services: [a/b/c]}, loss: {percent: 1%} | spec.selector.services[0]: 'a/b/c'"
            + " names no Service; write name or namespace/name",
        "selector: {podPhaseSelectors: [Up]}, loss: {percent: 1%} |"
            + " spec.selector.podPhaseSelectors[0]: 'Up' is not supported; write Pending, Running,"
            + " Succeeded, Failed or Unknown",
        "selector: {expressionSelectors: [{key: a, operator: In}]}, loss: {percent: 1%} |"
            + " spec.selector.expressionSelectors[0].values: is required; 'In' needs at least one"
            + " value",
        "selector: {expressionSelectors: [{key: a, operator: Exists, values: [b]}]}, loss:"
            + " {percent: 1%} | spec.selector.expressionSelectors[0].values: has no meaning with"
            + " 'Exists'; remove it, or write In or NotIn",
      })
  void shouldRefuseWrongChoices(String spec, String messages) {
    assertThat(String.join("; ", Checked.of(bare(spec)).problems())).isEqualTo(messages);
  }

  @Test
  void shouldRefuseAnUnknownFieldWhateverTheClientThinksOfThem() {
    var manifest = Checked.yaml(networkFault("loss: {percent: 1%}, fancy: true"));
    Problems problems = new Problems();

    KindTable.NETWORK_FAULT.validate(manifest, Checked.CONTEXT, problems);

    assertThat(problems.found()).hasSize(1);
    assertThat(problems.found().getFirst().message())
        .startsWith("spec.fancy: no such field; the fields here are links, selector, mode");
  }

  @Test
  void shouldRequireASpec() {
    assertThat(
            Checked.of(
                    """
                    apiVersion: podwire.io/v1alpha1
                    kind: NetworkFault
                    metadata: {name: f, namespace: shop}
                    """)
                .problems())
        .containsExactly("spec: is required; write what the fault does, and to whom");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "delay: {latency: 10ms, jitter: 20ms} | spec.delay.jitter: '20ms' is more than the latency;"
            + " delays below zero become zero",
        "pod: {action: pod-kill}, duration: 5s | spec.duration: '5s' has no effect on what happens"
            + " once",
        "loss: {percent: 1%}, mode: one, value: 5 | spec.value: 5 has no meaning with this mode",
      })
  void shouldWarnOfWhatIsOdd(String spec, String warning) {
    Checked checked = Checked.of(networkFault(spec));

    assertThat(checked.problems()).isEmpty();
    assertThat(checked.warnings()).containsExactly(warning);
  }

  @Test
  void shouldRefuseAHeartbeatThatIsNoTime() {
    assertThat(
            Checked.of(
                    """
                    apiVersion: podwire.io/v1alpha1
                    kind: NetworkFault
                    metadata:
                      name: f
                      namespace: shop
                      annotations: {podwire.io/heartbeat: "noon"}
                    spec: {selector: {}, loss: {percent: 1%}, lease: {seconds: 5}}
                    """)
                .problems())
        .containsExactly(
            "metadata.annotations[podwire.io/heartbeat]: 'noon' is no time; write it as"
                + " 2025-01-31T12:00:00.000Z");
  }

  @Test
  void shouldNotChange() {
    Problems problems = new Problems();
    KindTable.NETWORK_FAULT
        .rules()
        .validateUpdate(
            Field.root(Checked.yaml(networkFault("loss: {percent: 1%}, duration: 5s"))),
            Field.root(Checked.yaml(networkFault("loss: {percent: 2%}"))),
            problems);

    assertThat(problems.found().stream().map(Problem::message))
        .containsExactly(
            "spec.loss: a NetworkFault does not change once it is there; delete it and create it"
                + " anew",
            "spec.duration: a NetworkFault does not change once it is there; delete it and create"
                + " it anew");
  }

  @Test
  void shouldStartPending() {
    var manifest = Checked.yaml(networkFault("loss: {percent: 1%}"));
    manifest.putObject("status").put("phase", "Running");

    KindTable.NETWORK_FAULT.rules().initialize(manifest);

    assertThat(manifest.at("/status").toString()).isEqualTo("{\"phase\":\"Pending\"}");
  }
}
