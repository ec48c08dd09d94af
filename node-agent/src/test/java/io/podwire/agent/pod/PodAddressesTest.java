package io.podwire.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PodAddressesTest {

  private static final IpAddress GATEWAY = IpAddress.parse("10.244.1.1");
  private static final Cidr CIDR = Cidr.parse("10.244.1.0/29");

  private final PodAddresses addresses = new PodAddresses(CIDR, GATEWAY, GATEWAY);

  private static IpAddress host(int last) {
    return IpAddress.parse("10.244.1." + last);
  }

  private Stream<IpAddress> take(int count) {
    return Stream.generate(() -> addresses.take().orElseThrow()).limit(count);
  }

  @Test
  void shouldHandOutEachOnceWithoutBaseGatewayAndBroadcast() {
    assertThat(take(5)).containsExactly(host(2), host(3), host(4), host(5), host(6));
    assertThat(addresses.take()).isEmpty();
    assertThat(addresses.heldCount()).isEqualTo(5);
  }

  @Test
  void shouldLetAReleasedOneRest() {
    assertThat(take(2)).containsExactly(host(2), host(3));
    addresses.release(host(2));
    addresses.release(host(2));

    assertThat(take(4)).containsExactly(host(4), host(5), host(6), host(2));
  }

  @Test
  void shouldGoOnAfterTheLastOneOfAnEarlierAgent() {
    PodAddresses later = new PodAddresses(CIDR, GATEWAY, host(5));
    assertThat(later.occupy(host(6))).isTrue();
    assertThat(later.occupy(host(6))).isFalse();
    assertThat(later.occupy(GATEWAY)).isFalse();
    assertThat(later.occupy(IpAddress.parse("10.244.2.2"))).isFalse();

    assertThat(later.take()).contains(host(2));
  }

  @Test
  void shouldServeIpv6() {
    Cidr cidr = Cidr.parse("fd00:10:244:1::/64");
    PodAddresses v6 = new PodAddresses(cidr, cidr.address(1), cidr.address(1));

    assertThat(v6.take()).contains(IpAddress.parse("fd00:10:244:1::2"));
  }
}
