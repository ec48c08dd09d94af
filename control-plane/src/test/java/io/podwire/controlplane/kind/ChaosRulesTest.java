package io.podwire.controlplane.kind;

import static io.podwire.controlplane.kind.FaultManifest.chaos;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChaosRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "loss: {loss: '1'} | spec.action: is required; write one of netem, delay, loss, duplicate,"
            + " corrupt, partition, bandwidth",
        "action: lag | spec.action: 'lag' is not supported; write netem, delay, loss, duplicate,"
            + " corrupt, partition or bandwidth",
        "action: netem | spec.delay: is required; action 'netem' needs one of delay, loss,"
            + " duplicate, corrupt, rate",
        "action: loss | spec.loss: is required; action 'loss' needs it",
        "action: delay, delay: {} | spec.delay.latency: is required; write a duration such as"
            + " 100ms",
        "action: delay, delay: {latency: '10'} | spec.delay.latency: '10' has no unit; write it as"
            + " 100ms, 1.5s or 1h5m",
        "action: loss, loss: {loss: '120'} | spec.loss.loss: '120' is over 100 %; write a number"
            + " from 0 to 100",
        "action: loss, loss: {loss: '-1'} | spec.loss.loss: '-1' is below 0 %; write a number from"
            + " 0 to 100",
        "action: loss, loss: {loss: 10%} | spec.loss.loss: '10%' has a percent sign, which Chaos"
            + " Mesh refuses; write it as a number from 0 to 100 in quotes, such as \"12.5\"",
        "action: loss, loss: {loss: 10} | spec.loss.loss: 10 is of the wrong type; write text; put"
            + " it in quotes",
        "action: loss, loss: {correlation: '10'} | spec.loss.loss: is required; write a percentage"
            + " in quotes, such as \"25\"",
        "action: delay, delay: {latency: 1s, reorder: {gap: 2}} | spec.delay.reorder.reorder: is"
            + " required; write a percentage in quotes, such as \"25\"",
        "action: partition, loss: {loss: '1'} | spec.loss: has no effect with action 'partition';"
            + " remove it, or write an object for each action",
        "action: delay, delay: {latency: 1s}, bandwidth: {rate: 1mbps, limit: 1, buffer: 1} |"
            + " spec.bandwidth: has no effect with action 'delay'; remove it, or write an object"
            + " for each action, or rate in place of bandwidth",
        "action: bandwidth, bandwidth: {rate: '1', limit: 0} | spec.bandwidth.rate: '1' has no"
            + " unit; write it as 10mbit (bits a second) or 1mbps (bytes); spec.bandwidth.buffer:"
            + " is required; write a number of bytes, such as 10000; spec.bandwidth.limit: 0 is out"
            + " of range; write 1 to 4294967295 bytes",
        "action: bandwidth, bandwidth: {rate: 1mbps, limit: 1, buffer: 1, peakrate: 1000, minburst:"
            + " 1500} | spec.bandwidth.peakrate: 1000 bits a second is below the rate, 8mbit; write"
            + " more, or a lower rate",
        "action: partition, device: eth0 | spec.device: 'eth0' is not supported here; a Pod has one"
            + " interface, which is meant; remove the field",
        "action: partition, remoteCluster: east | spec.remoteCluster: 'east' is not supported here;"
            + " create the object in the cluster that it is meant for",
        "action: partition, scheduler: {cron: '@every 60s'} | spec.scheduler: {\"cron\":\"@every"
            + " 60s\"} is not supported here; it is Chaos Mesh 1's; leave it out, write a duration,"
            + " and create the object when it is due",
        "action: partition, speed: fast | spec.speed: no such field; the fields here are action,"
            + " mode, value, selector, direction, target, externalTargets, duration, delay, loss,"
            + " duplicate, corrupt, rate, bandwidth, device, targetDevice, remoteCluster,"
            + " scheduler",
        "action: partition, direction: out | spec.direction: 'out' is not supported; write to, from"
            + " or both",
        "action: partition, target: {selector: {}} | spec.target.mode: is required; write all, one,"
            + " fixed, fixed-percent, random-max-percent",
        "action: partition, target: {selector: {}, mode: fixed} | spec.target.value: is required;"
            + " mode 'fixed' needs it; write how many, 1 or more in quotes",
        "action: partition, target: {mode: all} | spec.target.selector: is required; write which"
            + " Pods are meant, or {} for all of the namespace",
        "action: partition, externalTargets: [www.example.org] | spec.externalTargets[0]:"
            + " 'www.example.org' is no address, and host names are not resolved here; write IP"
            + " addresses or networks such as 192.0.2.0/24",
        "action: partition, externalTargets: ['example.org:443'] | spec.externalTargets[0]:"
            + " 'example.org:443' is no address, and host names are not resolved here; write IP"
            + " addresses or networks such as 192.0.2.0/24",
        "action: partition, externalTargets: [192.0.2.1, '192.0.2.2:80'] | spec.externalTargets[1]:"
            + " '192.0.2.2:80' has another port than the targets before it, or they have none;"
            + " write an object for each port",
        "action: partition, externalTargets: ['192.0.2.2:80'], target: {selector: {}, mode: all} |"
            + " spec.externalTargets[0]: '192.0.2.2:80' has a port, which target has not; write an"
            + " object for each",
        "action: partition, externalTargets: ['192.0.2.2:99999'] | spec.externalTargets[0]:"
            + " '192.0.2.2:99999' has no valid port; write 1 to 65535",
        "action: partition, duration: 5 minutes | spec.duration: '5 minutes' has the unit '"
            + " minutes', which is none of ns, us, ms, s, m, h; write it as 100ms, 1.5s or 1h5m",
      })
  void shouldRefuseWrongNetworkChaos(String spec, String messages) {
    assertThat(problems("NetworkChaos", "mode: all, selector: {}, " + spec)).isEqualTo(messages);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode: all | spec.selector: is required; write which Pods are meant, or {} for all of the"
            + " namespace",
        "selector: {} | spec.mode: is required; write all, one, fixed, fixed-percent,"
            + " random-max-percent",
        "selector: {}, mode: most | spec.mode: 'most' is not supported; write all, one, fixed,"
            + " fixed-percent or random-max-percent",
        "selector: {}, mode: fixed-percent, value: '0' | spec.value: '0' is out of range; write a"
            + " percentage from 1 to 100",
        "mode: all, selector: {annotationSelectors: {a: b}} | spec.selector.annotationSelectors:"
            + " {\"a\":\"b\"} is not supported here; Pods are chosen by labelSelectors,"
            + " expressionSelectors, pods, nodes and phases",
        "mode: all, selector: {physicalMachines: {a: [b]}} | spec.selector.physicalMachines:"
            + " {\"a\":[\"b\"]} is not supported here; write nodes, or a NetworkFault with links:"
            + " Nodes",
        "mode: all, selector: {fieldSelectors: {spec.hostNetwork: 'true'}} |"
            + " spec.selector.fieldSelectors[spec.hostNetwork]: is no field to select Pods by here;"
            + " write metadata.name, metadata.namespace, spec.nodeName or status.phase",
        "mode: all, selector: {nodes: [n1], fieldSelectors: {spec.nodeName: n2}} |"
            + " spec.selector.fieldSelectors[spec.nodeName]: 'n2' is none of nodes, so that no Pod"
            + " is meant",
        "mode: all, selector: {services: [web]} | spec.selector.services: no such field; the fields"
            + " here are namespaces, labelSelectors, expressionSelectors, fieldSelectors,"
            + " podPhaseSelectors, nodes, nodeSelectors, pods, annotationSelectors,"
            + " physicalMachines",
      })
  void shouldRefuseWrongChoices(String spec, String messages) {
    assertThat(problems("NetworkChaos", "action: partition, " + spec)).isEqualTo(messages);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "action: nxdomain | spec.action: 'nxdomain' is not supported; write error or random",
        "patterns: [a] | spec.action: is required; write one of error, random",
        "action: error, patterns: ['a*.org'] | spec.patterns[0]: 'a*.org' has a '*' before its end;"
            + " write it last, or '?' for single characters",
        "action: error, patterns: ['a b'] | spec.patterns[0]: 'a b' is no name; write letters,"
            + " digits, '-', '_' and dots, '?' for any character, '*' at the end for any rest",
        "action: error, scope: inner | spec.scope: 'inner' is not supported here; it is Chaos Mesh"
            + " 1's; write patterns",
      })
  void shouldRefuseWrongDnsChaos(String spec, String messages) {
    assertThat(problems("DNSChaos", "mode: all, selector: {}, " + spec)).isEqualTo(messages);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "action: pod-stop | spec.action: 'pod-stop' is not supported; write pod-kill, pod-failure"
            + " or container-kill",
        "action: container-kill | spec.containerNames: is required; action 'container-kill' needs"
            + " the names of containers",
        "action: container-kill, containerName: main | spec.containerName: 'main' is not supported"
            + " here; it is Chaos Mesh 1's; write containerNames; spec.containerNames: is required;"
            + " action 'container-kill' needs the names of containers",
        "action: pod-kill, gracePeriod: -1 | spec.gracePeriod: -1 is negative; write 0 or remove"
            + " the field",
        "action: pod-kill, gracePeriod: 30 | spec.gracePeriod: 30 is not supported here; Pods are"
            + " killed at once; write 0 or remove the field",
        "action: pod-failure, duration: -1s | spec.duration: '-1s' is negative; write a longer one,"
            + " such as 100ms, or leave the field out",
      })
  void shouldRefuseWrongPodChaos(String spec, String messages) {
    assertThat(problems("PodChaos", "mode: one, selector: {}, " + spec)).isEqualTo(messages);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NetworkChaos | action: delay, delay: {latency: 1s, correlation: '100', jitter: 0ms} |"
            + " spec.delay.correlation: has no effect without jitter, as in Chaos Mesh",
        "NetworkChaos | action: delay, delay: {latency: 1s, jitter: 2s} | spec.delay.jitter: '2s'"
            + " is more than the latency; delays below zero become zero",
        "NetworkChaos | action: bandwidth, bandwidth: {rate: 1mbps, limit: 1, buffer: 1, peakrate:"
            + " 9000000} | spec.bandwidth.peakrate: has no effect without minburst, as in Chaos"
            + " Mesh",
        "DNSChaos | action: error, containerNames: [a] | spec.containerNames: has no effect:"
            + " containers of a Pod ask from one address",
        "PodChaos | action: container-kill, containerNames: [a] | spec.containerNames: the programs"
            + " of all containers of the Pod are killed",
        "PodChaos | action: pod-kill, duration: 5s | spec.duration: has no effect on what happens"
            + " once",
        "PodChaos | action: pod-failure, value: '1' | spec.value: '1' has no meaning with this"
            + " mode",
      })
  void shouldWarnOfWhatHasNoEffect(String kind, String spec, String warning) {
    Checked checked = Checked.of(chaos(kind, "mode: all, selector: {}, " + spec));

    assertThat(checked.problems()).isEmpty();
    assertThat(checked.warnings()).containsExactly(warning);
  }

  @Test
  void shouldWarnThatNothingCountsBesideNamedPods() {
    Checked checked =
        Checked.of(
            chaos(
                "PodChaos",
                "action: pod-kill, mode: all, selector: {pods: {shop: [a]}, nodes: [n]}"));

    assertThat(checked.problems()).isEmpty();
    assertThat(checked.warnings())
        .containsExactly("spec.selector.nodes: has no effect beside pods, as in Chaos Mesh");
  }

  @Test
  void shouldRefuseAPausedExperiment() {
    String manifest =
        chaos("PodChaos", "action: pod-failure, mode: all, selector: {}")
            .replace(
                "name: c,", "name: c, annotations: {experiment.chaos-mesh.org/pause: \"true\"},");

    assertThat(Checked.of(manifest).problems())
        .containsExactly(
            "metadata.annotations[experiment.chaos-mesh.org/pause]: 'true' is not supported here; a"
                + " fault acts from its creation on; delete it to end it");
  }

  @Test
  void shouldNameTheSupportedKindsForThoseThatAreNot() {
    assertThat(Checked.of(chaos("Schedule", "schedule: '@every 60s'")).problems())
        .singleElement()
        .asString()
        .contains("'Schedule' in apiVersion 'chaos-mesh.org/v1alpha1' is not known")
        .contains("NetworkChaos (chaos-mesh.org/v1alpha1)");
  }

  private static String problems(String kind, String spec) {
    return String.join("; ", Checked.of(chaos(kind, spec)).problems());
  }
}
