package io.podwire.cluster.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResolverConfigTest {

  @Test
  void shouldReadWhatResolversRead() {
    ResolverConfig config =
        ResolverConfig.parse(
            """
            # written by hand
            domain lost.example
            search example.org. example.com .
            nameserver 192.0.2.1 # the first
            nameserver fe80::1%eth0
            nameserver 2001:db8::53
            options ndots:2 timeout:1
            options ndots:3
            sortlist 130.155.160.0
            """);

    assertThat(config)
        .isEqualTo(
            new ResolverConfig(
                List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::53")),
                List.of("example.org", "example.com", "."),
                List.of("ndots:3", "timeout:1")));
    assertThat(ResolverConfig.parse(config.text())).isEqualTo(config);
    assertThat(ResolverConfig.parse("").text()).isEmpty();
  }

  @Test
  void shouldKeepToTheLimitsOfResolvers() {
    List<IpAddress> servers =
        IntStream.rangeClosed(1, 5).mapToObj(i -> IpAddress.parse("192.0.2." + i)).toList();
    List<String> domains = IntStream.range(0, 40).mapToObj(i -> "d" + i + ".example").toList();
    List<String> long63 =
        IntStream.range(0, 30).mapToObj(i -> i % 10 + "x".repeat(99) + i).toList();
    ResolverConfig none = new ResolverConfig(List.of(), List.of(), List.of());

    assertThat(none.with(servers, domains, List.of()).nameservers())
        .isEqualTo(servers.subList(0, 3));
    assertThat(none.with(servers, domains, List.of()).search()).isEqualTo(domains.subList(0, 32));
    assertThat(String.join(" ", none.with(servers, long63, List.of()).search()))
        .hasSizeBetween(1900, 2048);
  }
}
