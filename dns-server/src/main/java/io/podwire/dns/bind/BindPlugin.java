package io.podwire.dns.bind;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.plugin.Endpoints;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.packet.addr.IpAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code bind ADDRESS|INTERFACE…}: where a block is served; all IPv4 addresses without it. */
public final class BindPlugin implements Plugin {
  private static final String NAME = "bind";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    for (Directive use : uses) {
      if (use.head().arguments().isEmpty()) {
        problems.add(use.head().first(), "'bind' lacks an address, such as 127.0.0.1");
      }
      for (Token word : use.head().arguments()) {
        if (found(word.text()).isEmpty()) {
          problems.add(word, "'" + word.text() + "' is no address and no interface of this host");
        }
      }
      for (Line line : use.options()) {
        if (!line.name().equals("except")) {
          Words.unknown("bind", line, problems, "except");
        } else if (line.arguments().isEmpty()) {
          problems.add(line.first(), "'except' lacks an address or an interface");
        }
      }
    }
    return site -> Part.none();
  }

  /** The addresses of a block that was read without problems. */
  public static List<InetAddress> addresses(ServerBlock block) {
    List<InetAddress> addresses = new ArrayList<>();
    for (Directive use : block.directives()) {
      if (use.name().equals(NAME)) {
        List<InetAddress> except =
            use.options().stream()
                .flatMap(line -> line.arguments().stream())
                .flatMap(word -> found(word.text()).stream())
                .toList();
        use.head().arguments().stream()
            .flatMap(word -> found(word.text()).stream())
            .filter(each -> !except.contains(each))
            .forEach(addresses::add);
      }
    }
    return addresses.isEmpty()
        ? List.of(Endpoints.inet(IpAddress.parse("0.0.0.0")))
        : addresses.stream().distinct().toList();
  }

  private static List<InetAddress> found(String text) {
    Optional<IpAddress> address = IpAddress.tryParse(text);
    if (address.isPresent()) {
      return List.of(Endpoints.inet(address.get()));
    }
    try {
      @Nullable NetworkInterface device = NetworkInterface.getByName(text);
      return device == null
          ? List.of()
          : device.inetAddresses().filter(each -> !each.isLinkLocalAddress()).toList();
    } catch (SocketException e) {
      return List.of();
    }
  }
}
