package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.ClusterConfig;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.Vni;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A manifest in YAML after every check that needs no registry. */
record Checked(ObjectNode manifest, List<String> problems, List<String> warnings) {

  static final KindContext CONTEXT =
      KindContext.of(
          new ClusterConfig(
              List.of(Cidr.parse("10.244.0.0/16")),
              List.of(Cidr.parse("10.96.0.0/16")),
              Cidr.parse("172.30.0.0/24"),
              24,
              "cluster.local",
              IpAddress.parse("10.96.0.10"),
              new Vni(1),
              List.of()));

  static ObjectNode yaml(String text) {
    return ManifestParser.parse(text.getBytes(StandardCharsets.UTF_8)).getFirst().manifest();
  }

  static Checked of(String text) {
    ObjectNode manifest = yaml(text);
    Problems problems = new Problems();
    List<String> warnings = new ArrayList<>();
    KindTable.resolve(Field.root(manifest), problems)
        .ifPresent(kind -> {
          kind.schema().check(Field.root(manifest), problems, problems);
          kind.setDefaults(manifest);
          kind.validate(manifest, CONTEXT, problems);
          kind.rules().warn(Field.root(manifest), warnings);
        });
    return new Checked(
        manifest, problems.found().stream().map(Problem::message).toList(), warnings);
  }
}
