package io.podwire.cli.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class FaultManifestTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

  @Test
  void shouldWriteEveryOption() throws JsonProcessingException {
    ObjectNode manifest =
        manifest(
            false,
            "-n shop --pod web-1 --pod web-2 -l app=web,tier=x --service front --node n1 --mode"
                + " fixed --value 2 --to-pod db-1 --to-selector app=db --to-service back --to-node"
                + " n2 --to-address 192.0.2.0/24 --direction both --protocol tcp --port 80"
                + " --local-port 1000-2000 --peer-port 443 --duration 30s --seed 42 --as slow");

    ObjectNode expected =
        (ObjectNode)
            new YAMLMapper()
                .readTree(
                    """
                    apiVersion: podwire.io/v1alpha1
                    kind: NetworkFault
                    metadata: {namespace: shop, name: slow}
                    spec:
                      selector:
                        pods: {shop: [web-1, web-2]}
                        labelSelectors: {app: web, tier: x}
                        services: [front]
                        nodes: [n1]
                      mode: fixed
                      value: "2"
                      target:
                        selector:
                          pods: {shop: [db-1]}
                          labelSelectors: {app: db}
                          services: [back]
                          nodes: [n2]
                      externalTargets: [192.0.2.0/24]
                      direction: both
                      protocol: tcp
                      ports: ["80"]
                      localPorts: ["1000-2000"]
                      peerPorts: ["443"]
                      duration: 30s
                      seed: 42
                      hold: {}
                    """);
    assertThat(manifest.toPrettyString()).isEqualTo(expected.toPrettyString());
  }

  @Test
  void shouldHoldByHeartbeats() {
    ObjectNode manifest = manifest(true, "--all --lease 6");

    assertThat(manifest.at("/metadata/generateName").asText()).isEqualTo("hold-");
    assertThat(manifest.at("/metadata/annotations/podwire.io~1heartbeat").asText())
        .isEqualTo("2026-03-01T12:00:00.123Z");
    assertThat(manifest.at("/spec/lease/seconds").asInt()).isEqualTo(6);
    assertThat(manifest.at("/spec/selector").isObject()).isTrue();
  }

  @Command
  private static final class Holder {
    @Mixin private FaultScope scope = new FaultScope();
  }

  private static ObjectNode manifest(boolean held, String options) {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs(options.split(" "));
    return FaultManifest.of("hold", holder.scope, false, held, NOW, spec -> spec.putObject("hold"));
  }
}
