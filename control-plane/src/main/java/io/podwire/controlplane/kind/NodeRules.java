package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Node;
import io.podwire.cluster.model.ProxyChoice;
import io.podwire.cluster.store.Claim;
import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Node (core/v1); made by agents, or by hand for a peer that runs no agent. */
final class NodeRules implements KindRules {

  private static final int MAX_PORT = 65535;

  private NodeRules() {}

  static Kind kind() {
    return new Kind(
        "",
        "v1",
        "Node",
        "nodes",
        "node",
        List.of("no"),
        List.of(),
        false,
        true,
        NameForm.DNS_SUBDOMAIN,
        Schema.of(Node.class),
        MergeKeys.NONE,
        new NodeRules());
  }

  /** A Node says itself what its addresses are: its first status stays. */
  @Override
  public void initialize(ObjectNode manifest) {}

  @Override
  public void setDefaults(ObjectNode manifest) {
    ObjectNode spec = Manifests.child(manifest, "spec");
    if (spec.path("podCIDR").isTextual() && Manifests.isAbsent(spec, "podCIDRs")) {
      spec.putArray("podCIDRs").add(spec.get("podCIDR").textValue());
    }
  }

  @Override
  public void validate(Field manifest, KindContext context, Problems problems) {
    Field cidr = manifest.at("spec", "podCIDR");
    List<Field> cidrs = manifest.at("spec", "podCIDRs").items();
    checkCidr(cidr, context, problems);
    cidrs.forEach(item -> checkCidr(item, context, problems));
    if (cidr.isGiven() && !cidrs.isEmpty() && !cidr.textOr("").equals(cidrs.getFirst().text())) {
      problems.invalid(
          cidr, cidr.shown() + " differs from podCIDRs[0]; write the same or leave podCIDRs out");
    }
    for (Field address : manifest.at("status", "addresses").items()) {
      Field ip = address.at("address");
      if ("InternalIP".equals(address.at("type").text())
          && IpAddress.tryParse(ip.textOr("")).isEmpty()) {
        problems.invalid(ip, ip.shown() + " is no IP address; write it as 172.30.0.11");
      }
    }
    Field annotations = manifest.at("metadata", "annotations");
    checkMac(annotation(annotations, NodeAnnotations.VTEP_MAC), problems);
    checkPort(annotation(annotations, NodeAnnotations.VXLAN_PORT), problems);
    checkPort(annotation(annotations, NodeAnnotations.AGENT_PORT), problems);
    checkProxy(annotation(annotations, NodeAnnotations.PROXY_MODE), problems);
  }

  @Override
  public void validateUpdate(Field before, Field after, Problems problems) {
    KindRules.immutable(before.at("spec", "podCIDR"), after.at("spec", "podCIDR"), problems);
    KindRules.immutable(before.at("spec", "podCIDRs"), after.at("spec", "podCIDRs"), problems);
  }

  @Override
  public void carryOver(ObjectNode before, ObjectNode after) {
    ObjectNode spec = Manifests.child(after, "spec");
    for (String field : List.of("podCIDR", "podCIDRs")) {
      Field held = Field.root(before).at("spec", field);
      if (held.node() != null && Manifests.isAbsent(spec, field)) {
        spec.set(field, held.node().deepCopy());
      }
    }
  }

  @Override
  public Set<Claim> claims(ObjectNode manifest) {
    Set<Claim> claims = new HashSet<>();
    for (Field cidr : Field.root(manifest).at("spec", "podCIDRs").items()) {
      parse(cidr).ifPresent(range -> claims.add(new Claim(Claim.POD_CIDRS, range.toString())));
    }
    return claims;
  }

  private static void checkCidr(Field field, KindContext context, Problems problems) {
    if (!field.isPresent()) {
      return;
    }
    List<Cidr> ranges = context.config().podCidrs();
    Cidr cidr = parse(field).orElse(null);
    if (cidr == null) {
      problems.invalid(field, field.shown() + " is no CIDR; write it as 10.244.1.0/24");
    } else if (ranges.stream().noneMatch(range -> range.contains(cidr))) {
      problems.invalid(
          field,
          field.shown() + " lies outside the cluster's Pod networks; choose one within " + ranges);
    } else if (cidr.isIpv4() && cidr.prefixLength() != context.config().nodePrefixLength()) {
      problems.invalid(
          field,
          field.shown()
              + " has another size than every node's; write a /"
              + context.config().nodePrefixLength());
    }
  }

  private static Optional<Cidr> parse(Field field) {
    try {
      return Optional.of(Cidr.parse(field.textOr("")));
    } catch (IllegalArgumentException notACidr) {
      return Optional.empty();
    }
  }

  private static @Nullable Field annotation(Field annotations, String key) {
    return annotations.entries().get(key);
  }

  private static void checkMac(@Nullable Field field, Problems problems) {
    if (field == null) {
      return;
    }
    try {
      MacAddress.parse(field.textOr(""));
    } catch (IllegalArgumentException e) {
      problems.invalid(field, field.shown() + " is no MAC address; write it as 0a:58:0a:f4:00:01");
    }
  }

  private static void checkProxy(@Nullable Field field, Problems problems) {
    if (field != null && field.isGiven()) {
      try {
        ProxyChoice.parse(field.textOr(""));
      } catch (IllegalArgumentException e) {
        problems.invalid(field, String.valueOf(e.getMessage()));
      }
    }
  }

  private static void checkPort(@Nullable Field field, Problems problems) {
    if (field != null
        && !(field.textOr("").matches("[0-9]{1,5}")
            && Integer.parseInt(field.textOr("")) <= MAX_PORT)) {
      problems.invalid(field, field.shown() + " is no port; write a number from 1 to 65535");
    }
  }
}
