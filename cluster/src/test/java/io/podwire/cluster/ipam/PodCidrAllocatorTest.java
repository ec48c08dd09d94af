package io.podwire.cluster.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podwire.packet.addr.Cidr;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodCidrAllocatorTest {

  @Test
  void shouldGiveEveryNetworkOnceAndThenNone() {
    PodCidrAllocator allocator = new PodCidrAllocator(Cidr.parse("10.244.0.0/16"), 24);
    Set<Cidr> given = new HashSet<>();
    for (int i = 0; i < 256; i++) {
      given.add(allocator.choose(given::contains).orElseThrow());
    }

    assertThat(given).hasSize(256).contains(Cidr.parse("10.244.255.0/24"));
    assertThat(allocator.choose(given::contains)).isEmpty();
  }

  @Test
  void shouldNotHandOutAReleasedNetworkAtOnce() {
    PodCidrAllocator allocator = new PodCidrAllocator(Cidr.parse("10.244.0.0/16"), 24);

    assertThat(allocator.choose(cidr -> false)).contains(Cidr.parse("10.244.0.0/24"));
    assertThat(allocator.choose(cidr -> false)).contains(Cidr.parse("10.244.1.0/24"));
  }

  @Test
  void shouldGiveSixtyFoursOfAnIpv6Network() {
    PodCidrAllocator allocator = new PodCidrAllocator(Cidr.parse("fd00:10:244::/48"), 64);

    allocator.choose(cidr -> false);
    assertThat(allocator.choose(cidr -> false)).contains(Cidr.parse("fd00:10:244:1::/64"));
  }

  @Test
  void shouldRefuseNetworksThatAreNoShare() {
    PodCidrAllocator allocator = new PodCidrAllocator(Cidr.parse("10.244.0.0/16"), 24);

    assertThat(allocator.problem(Cidr.parse("10.245.0.0/24"))).isPresent();
    assertThat(allocator.problem(Cidr.parse("10.244.0.0/25"))).isPresent();
    assertThat(allocator.problem(Cidr.parse("10.244.7.0/24"))).isEmpty();
    assertThatThrownBy(() -> new PodCidrAllocator(Cidr.parse("10.244.0.0/26"), 24))
        .hasMessageContaining("holds no /24");
  }
}
