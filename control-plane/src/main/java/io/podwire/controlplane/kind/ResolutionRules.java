package io.podwire.controlplane.kind;

import io.podwire.cluster.model.PodResolution.DnsPolicy;
import io.podwire.packet.addr.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a Pod may say about how its programs resolve names (dnsPolicy, dnsConfig, hostAliases). */
final class ResolutionRules {

  private static final List<String> POLICIES =
      Arrays.stream(DnsPolicy.values()).map(DnsPolicy::text).toList();
  private static final int MAX_NAMESERVERS = 3;
  private static final int MAX_SEARCHES = 32;
  private static final int MAX_SEARCH_OCTETS = 2048;

  private ResolutionRules() {}

  static void validate(Field spec, Problems problems) {
    Field policy = spec.at("dnsPolicy");
    PortRules.oneOf(policy, POLICIES, problems);
    nameservers(policy, spec.at("dnsConfig", "nameservers"), problems);
    searches(spec.at("dnsConfig", "searches"), problems);
    for (Field option : spec.at("dnsConfig", "options").items()) {
      if (option.at("name").textOr("").isEmpty()) {
        problems.required(option.at("name"), "write one of resolv.conf(5), such as ndots");
      }
    }
    for (Field alias : spec.at("hostAliases").items()) {
      address(alias.at("ip"), problems);
      if (alias.at("hostnames").items().isEmpty()) {
        problems.required(alias.at("hostnames"), "write at least one name for the address");
      }
      alias.at("hostnames").items().forEach(name -> NameForm.DNS_SUBDOMAIN.check(name, problems));
    }
  }

  private static void nameservers(Field policy, Field nameservers, Problems problems) {
    List<Field> given = nameservers.items();
    if (DnsPolicy.NONE.text().equals(policy.text()) && given.isEmpty()) {
      problems.required(
          nameservers, "write at least one nameserver, or another dnsPolicy than None");
    }
    if (given.size() > MAX_NAMESERVERS) {
      problems.invalid(
          nameservers, given.size() + " are too many; write at most " + MAX_NAMESERVERS);
    }
    given.forEach(each -> address(each, problems));
  }

  private static void address(Field field, Problems problems) {
    String text = field.textOr("");
    if (text.isEmpty()) {
      problems.required(field, "write an IP address");
    } else if (IpAddress.tryParse(text).isEmpty()) {
      problems.invalid(field, field.shown() + " is no IP address");
    }
  }

  private static void searches(Field searches, Problems problems) {
    List<Field> given = searches.items();
    if (given.size() > MAX_SEARCHES) {
      problems.invalid(searches, given.size() + " are too many; write at most " + MAX_SEARCHES);
    }
    int octets = domains(given).mapToInt(text -> text.length() + 1).sum() - 1;
    if (octets > MAX_SEARCH_OCTETS) {
      problems.invalid(
          searches, "are " + octets + " characters together; resolvers read " + MAX_SEARCH_OCTETS);
    }
    for (Field each : given) {
      String text = each.textOr("");
      // The root alone is allowed: it stops a resolver from trying anything else.
      String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
      boolean valid = text.equals(".") || !name.isEmpty() && isDomain(name);
      if (!valid) {
        problems.invalid(
            each, each.shown() + " is no search domain; write one such as example.org");
      }
    }
  }

  private static Stream<String> domains(List<Field> given) {
    return given.stream().map(each -> each.textOr(""));
  }

  /** Kubernetes allows underscores here since 1.34, as names of SRV records have them. */
  private static boolean isDomain(String name) {
    Predicate<String> label =
        part -> part.length() <= 63 && part.matches("[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?");
    return name.length() <= 253 && Stream.of(name.split("\\.", -1)).allMatch(label);
  }
}
