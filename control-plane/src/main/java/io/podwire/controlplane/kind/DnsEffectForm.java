package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.DnsEffect.Action;
import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a NetworkFault does to DNS answers. */
final class DnsEffectForm {

  private static final Map<String, Action> ACTIONS = actions();

  private DnsEffectForm() {}

  static @Nullable DnsEffect read(Field dns, FaultInput input) {
    if (!dns.isPresent()) {
      return null;
    }
    Field name = dns.at("action");
    Field delay = dns.at("delay");
    Field addresses = dns.at("addresses");
    if (!name.isGiven()) {
      input.problems().required(name, "write one of " + String.join(", ", ACTIONS.keySet()));
    }
    Action action = input.word(name, ACTIONS, Action.SERVFAIL);
    Duration late = Duration.ZERO;
    if (action == Action.DELAY) {
      late = input.required(delay, "write how late the answer comes, such as 2s");
    } else if (delay.isGiven() && name.isGiven()) {
      input.contradiction(delay, "has no meaning with " + name.shown() + "; it is for delay");
    }
    if (addresses.isGiven() && name.isGiven() && action != Action.ADDRESS) {
      input.contradiction(addresses, "has no meaning with " + name.shown() + "; it is for address");
    }
    return new DnsEffect(
        action,
        patterns(dns.at("patterns"), input),
        types(dns.at("types"), input),
        addresses(addresses, input),
        late,
        input.percent(dns.at("percent"), 1));
  }

  /** Names with {@code ?} anywhere and {@code *} at the end, as Chaos Mesh has them. */
  static List<String> patterns(Field list, FaultInput input) {
    List<String> patterns = new ArrayList<>();
    for (Field item : list.items()) {
      String pattern = item.textOr("");
      int star = pattern.indexOf('*');
      if (star >= 0 && star < pattern.length() - 1) {
        input
            .problems()
            .invalid(
                item,
                item.shown()
                    + " has a '*' before its end; write it last, or '?' for single characters");
      } else if (!pattern.matches("[-_.?A-Za-z0-9]*\\*?") || pattern.isEmpty()) {
        input
            .problems()
            .invalid(
                item,
                item.shown()
                    + " is no name; write letters, digits, '-', '_' and dots, '?' for any"
                    + " character, '*' at the end for any rest");
      }
      patterns.add(pattern);
    }
    return patterns;
  }

  private static List<String> types(Field list, FaultInput input) {
    List<String> types = new ArrayList<>();
    for (Field item : list.items()) {
      String type = item.textOr("");
      if (!type.matches("[A-Z][A-Z0-9]{0,15}")) {
        input
            .problems()
            .invalid(item, item.shown() + " is no record type; write A, AAAA, SRV or another");
      }
      types.add(type);
    }
    return types;
  }

  private static List<IpAddress> addresses(Field list, FaultInput input) {
    List<IpAddress> addresses = new ArrayList<>();
    for (Field item : list.items()) {
      Optional<IpAddress> address = IpAddress.tryParse(item.textOr(""));
      if (address.isEmpty()) {
        input.problems().invalid(item, item.shown() + " is no IP address; write it as 192.0.2.1");
      }
      address.ifPresent(addresses::add);
    }
    return addresses;
  }

  private static Map<String, Action> actions() {
    Map<String, Action> actions = new LinkedHashMap<>();
    actions.put("nxdomain", Action.NXDOMAIN);
    actions.put("servfail", Action.SERVFAIL);
    actions.put("refused", Action.REFUSED);
    actions.put("truncated", Action.TRUNCATED);
    actions.put("delay", Action.DELAY);
    actions.put("drop", Action.DROP);
    actions.put("address", Action.ADDRESS);
    actions.put("a-only", Action.A_ONLY);
    actions.put("aaaa-only", Action.AAAA_ONLY);
    actions.put("wrong-id", Action.WRONG_ID);
    return actions;
  }
}
