package io.podwire.testkit.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.NodeEffect;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PartitionShape;
import io.podwire.cluster.fault.PodEffect;
import io.podwire.cluster.model.FaultRequest;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** No field of a NetworkFault, and no word that one of them takes, is without a case. */
class FaultCasesTest {

  private static final String SHAPE = "io.podwire.controlplane.kind.NetworkFaultShape$Spec";

  /** Toxiproxy's attributes are of free form in the shape. */
  private static final Map<String, List<String>> TOXICS =
      Map.of(
          "latency", List.of("latency", "jitter"),
          "bandwidth", List.of("rate"),
          "slow_close", List.of("delay"),
          "timeout", List.of("timeout"),
          "reset_peer", List.of("timeout"),
          "slicer", List.of("average_size", "size_variation", "delay"),
          "limit_data", List.of("bytes"),
          "down", List.of());

  private static final List<JsonNode> SPECS =
      FaultCase.all().stream()
          .filter(fault -> fault.document().has("spec"))
          .map(fault -> fault.document().path("spec"))
          .toList();

  @Test
  void shouldTryEveryField() throws Exception {
    Set<String> fields = new TreeSet<>();
    addFields("", Class.forName(SHAPE), fields);
    assertThat(fields).hasSizeGreaterThan(80);

    Set<String> tried = new TreeSet<>();
    SPECS.forEach(spec -> addPaths("", spec, tried));

    assertThat(tried).containsAll(fields);
  }

  private static void addFields(String path, Type type, Set<String> fields) {
    if (type instanceof ParameterizedType list) {
      Type element = list.getActualTypeArguments()[0];
      if (list.getRawType() == List.class) {
        addFields(path, element, fields);
      }
    } else if (type instanceof Class<?> shape && shape.isRecord()) {
      for (RecordComponent field : shape.getRecordComponents()) {
        String name = path + "/" + field.getName();
        fields.add(name);
        addFields(name, field.getGenericType(), fields);
      }
    }
  }

  private static void addPaths(String path, JsonNode node, Set<String> paths) {
    if (node.isArray()) {
      node.forEach(item -> addPaths(path, item, paths));
    } else {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        paths.add(path + "/" + field.getKey());
        addPaths(path + "/" + field.getKey(), field.getValue(), paths);
      }
    }
  }

  @Test
  void shouldTryEveryWord() {
    assertTried("/dns/action", words(DnsEffect.Action.values()));
    assertTried("/node/action", words(NodeEffect.Action.values()));
    assertTried("/pod/action", List.of("pod-kill", "pod-failure"));
    assertTried("/partition/shape", words(PartitionShape.values()));
    assertTried("/mode", words(FaultRequest.Mode.values()));
    assertTried("/direction", words(FaultRequest.Direction.values()));
    assertTried("/links", List.of("Pods", "Nodes"));
    assertTried("/delay/distribution", words(PacketEffect.Distribution.values()));
    assertTried("/protocol", List.of("tcp", "udp", "sctp", "icmp", "1"));
    assertThat(PodEffect.values()).hasSize(3);
    assertTried("/pod/action", words(PodEffect.values()));
  }

  private static List<String> words(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  private static void assertTried(String pointer, List<String> words) {
    assertThat(SPECS.stream().map(spec -> spec.at(pointer).asText()))
        .as(pointer)
        .containsAll(words);
  }

  @Test
  void shouldTryEveryAttributeOfEveryToxic() {
    Set<String> tried = new TreeSet<>();
    Set<String> sides = new TreeSet<>();
    for (JsonNode spec : SPECS) {
      for (JsonNode toxic : spec.path("stream")) {
        String type = toxic.path("type").asText();
        tried.add(type);
        sides.add(toxic.path("stream").asText());
        toxic
            .path("attributes")
            .fieldNames()
            .forEachRemaining(name -> tried.add(type + "." + name));
      }
    }
    TOXICS.forEach((type, attributes) -> {
      assertThat(tried).contains(type);
      attributes.forEach(attribute -> assertThat(tried).contains(type + "." + attribute));
    });
    assertThat(sides).contains("upstream", "downstream");
  }

  @Test
  void shouldTryEveryActionOfChaosMesh() {
    assertThat(
            FaultCase.all().stream()
                .map(fault -> fault.document().path("manifest"))
                .filter(JsonNode::isObject)
                .map(manifest ->
                    manifest.path("kind").asText() + " " + manifest.at("/spec/action").asText()))
        .contains(
            "NetworkChaos netem",
            "NetworkChaos delay",
            "NetworkChaos loss",
            "NetworkChaos duplicate",
            "NetworkChaos corrupt",
            "NetworkChaos partition",
            "NetworkChaos bandwidth",
            "DNSChaos error",
            "DNSChaos random",
            "PodChaos pod-kill",
            "PodChaos pod-failure",
            "PodChaos container-kill");
  }
}
