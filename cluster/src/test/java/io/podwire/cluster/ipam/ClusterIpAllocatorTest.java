package io.podwire.cluster.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import io.podwire.packet.addr.Cidr;
import io.podwire.packet.addr.IpAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterIpAllocatorTest {

  @ParameterizedTest
  @CsvSource({
    "10.96.0.0/24, 254",
    "10.96.0.0/30, 2",
    "10.96.0.0/31, 0",
    "10.96.0.0/32, 0",
    "fd00::/112, 65535",
    "fd00::/64, 65535"
  })
  void shouldGiveEveryUsableAddressOnce(String network, int usable) {
    ClusterIpAllocator allocator = allocator(network, 1);
    Set<IpAddress> given = new HashSet<>();
    Optional<IpAddress> next = allocator.choose(given::contains);
    while (next.isPresent()) {
      assertThat(given.add(next.get())).isTrue();
      assertThat(allocator.problem(next.get())).isEmpty();
      next = allocator.choose(given::contains);
    }
    assertThat(given).hasSize(usable);
    assertThat(allocator.size()).isEqualTo(usable);
  }

  @ParameterizedTest
  @CsvSource({"10.96.0.0/16, 256", "10.96.0.0/22, 64", "10.96.0.0/26, 16", "10.96.0.0/28, 0"})
  void shouldUseTheUpperBandFirst(String network, int staticBand) {
    ClusterIpAllocator allocator = allocator(network, 7);
    Set<IpAddress> given = new HashSet<>();
    IpAddress firstOfUpperBand = Cidr.parse(network).base().plus(staticBand + 1);
    for (long i = staticBand; i < allocator.size(); i++) {
      IpAddress address = allocator.choose(given::contains).orElseThrow();
      assertThat(address).isGreaterThanOrEqualTo(firstOfUpperBand);
      given.add(address);
    }
    allocator
        .choose(given::contains)
        .ifPresent(address -> assertThat(address).isLessThan(firstOfUpperBand));
  }

  @Test
  void shouldNotHandOutAReleasedAddressAtOnce() {
    qt().forAll(longs().all(), integers().between(1, 200))
        .checkAssert((seed, releases) -> {
          ClusterIpAllocator allocator = allocator("10.96.0.0/24", seed);
          IpAddress last = allocator.choose(address -> false).orElseThrow();
          for (int i = 0; i < releases; i++) {
            IpAddress next = allocator.choose(address -> false).orElseThrow();
            assertThat(next).isNotEqualTo(last);
            last = next;
          }
        });
  }

  @Test
  void shouldStartElsewhereAfterARestart() {
    assertThat(allocator("10.96.0.0/16", 1).choose(a -> false))
        .isNotEqualTo(allocator("10.96.0.0/16", 2).choose(a -> false));
  }

  @Test
  void shouldRefuseAddressesThatAreNobodys() {
    ClusterIpAllocator allocator = allocator("10.96.0.0/24", 1);

    assertThat(problem(allocator, "10.96.0.0")).contains("own address");
    assertThat(problem(allocator, "10.96.0.255")).contains("broadcast");
    assertThat(problem(allocator, "10.97.0.1")).contains("not in the Service network");
    assertThat(problem(allocator, "fd00::1")).contains("not in the Service network");
    assertThat(problem(allocator, "10.96.0.1")).isEmpty();
    assertThat(problem(allocator, "10.96.0.254")).isEmpty();
    assertThat(problem(allocator("fd00::/64", 1), "fd00::1:0")).contains("beyond");
  }

  private static String problem(ClusterIpAllocator allocator, String address) {
    return allocator.problem(IpAddress.parse(address)).orElse("");
  }

  private static ClusterIpAllocator allocator(String network, long seed) {
    return new ClusterIpAllocator(Cidr.parse(network), new SplittableRandom(seed));
  }
}
