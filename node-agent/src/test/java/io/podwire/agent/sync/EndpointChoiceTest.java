package io.podwire.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cluster.model.EndpointSlice;
import io.podwire.cluster.model.EndpointSlice.Endpoint;
import io.podwire.cluster.model.EndpointSlice.Topology;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Protocol;
import io.podwire.cluster.model.Service;
import io.podwire.netstack.service.Backend;
import io.podwire.packet.addr.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointChoiceTest {

  private static final IpAddress PODS = IpAddress.parse("10.244.0.0");
  private static final Service.Port PORT =
      new Service.Port("web", Protocol.TCP, 80, new PortRef.Number(8080), 0);

  /**
   * Each endpoint is its number, its node, its state (ready, serving and terminating, terminating,
   * unready), and what it is hinted for; this node is a, in zone x.
   */
  @ParameterizedTest(name = "{0} -> {1} / {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1a ready, 2b ready                                | 1 2 | 1",
        "1b ready, 2b ready                                | 1 2 | ''",
        "1a unready, 2b ready                              | 2   | ''",
        "1a unready, 2b unready                            | ''  | ''",
        "1a serving, 2b ready                              | 2   | 1",
        "1a serving, 2b serving                            | 1 2 | 1",
        "1a serving, 2a ready                              | 2   | 2",
        "1a terminating, 2b terminating                    | ''  | ''",
        "1a terminating, 2b serving                        | 2   | ''",
        // All hinted, one for this zone.
        "1a ready zone=x, 2b ready zone=y                  | 1   | 1",
        "1b ready zone=x, 2b ready zone=x+y, 3a ready zone=y | 1 2 | 3",
        // One without a hint, or none for this zone: hints are not used.
        "1a ready zone=x, 2b ready                         | 1 2 | 1",
        "1a ready zone=y, 2b ready zone=y                  | 1 2 | 1",
        // The hints of those that are not ready do not matter.
        "1a ready zone=x, 2b unready                       | 1   | 1",
        "1b serving zone=y, 2b unready zone=x              | 1   | ''",
        // Nodes before zones.
        "1a ready zone=x node=a, 2b ready zone=x node=b    | 1   | 1",
        "1b ready zone=x node=a, 2a ready zone=x node=b    | 1   | 2",
        "1b ready zone=x node=b, 2b ready zone=y node=b    | 1   | ''",
        "1a ready zone=x node=a, 2b ready zone=x           | 1 2 | 1",
      })
  void shouldUseTheEndpointsThatKubeProxyUses(String endpoints, String cluster, String local) {
    EndpointSlice slice =
        new EndpointSlice(
            new ObjectName("default", "s-1"),
            "s",
            List.of(new EndpointSlice.Port("web", Protocol.TCP, 8080)),
            Arrays.stream(endpoints.split(", ")).map(EndpointChoiceTest::endpoint).toList());
    EndpointChoice choice = EndpointChoice.of(PORT, true, List.of(slice), "a", "x");

    assertThat(numbers(choice.cluster())).isEqualTo(cluster);
    assertThat(numbers(choice.local())).isEqualTo(local);
  }

  private static Endpoint endpoint(String text) {
    String[] words = text.split(" ");
    boolean ready = words[1].equals("ready");
    boolean terminating = words[1].equals("serving") || words[1].equals("terminating");
    return new Endpoint(
            List.of(PODS.plus(words[0].charAt(0) - '0')),
            ready,
            ready || words[1].equals("serving"),
            terminating,
            null,
            words[0].substring(1),
            null)
        .with(new Topology("", hints(words, "zone="), hints(words, "node=")));
  }

  private static Set<String> hints(String[] words, String key) {
    return Arrays.stream(words)
        .filter(word -> word.startsWith(key))
        .flatMap(word -> Arrays.stream(word.substring(key.length()).split("\\+")))
        .collect(Collectors.toSet());
  }

  private static String numbers(List<Backend> backends) {
    return backends.stream()
        .map(backend -> Long.toString(backend.address().low() - PODS.low()))
        .collect(Collectors.joining(" "));
  }
}
