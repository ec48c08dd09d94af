package io.podwire.packet.addr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "10.244.1.3", "172.30.0.2", "255.255.255.255"})
  void shouldKeepIpv4Text(String text) {
    IpAddress address = IpAddress.parse(text);

    assertThat(address.isIpv4()).isTrue();
    assertThat(address).hasToString(text);
    assertThat(IpAddress.of(address.toBytes())).isEqualTo(address);
  }

  @Test
  void shouldWriteIpv6AsRfc5952Recommends() {
    Map<String, String> recommended =
        Map.ofEntries(
            Map.entry("2001:0db8::0001", "2001:db8::1"), // 4.1: no leading zeros
            Map.entry("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), // 4.2.1: as short as possible
            Map.entry("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), // 4.2.2: not one group
            Map.entry("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), // 4.2.3: the longest run
            Map.entry("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), // 4.2.3: the first of two
            Map.entry("2001:DB8::AAAA", "2001:db8::aaaa"), // 4.3: lower case
            Map.entry("0:0:0:0:0:0:0:0", "::"),
            Map.entry("::1", "::1"),
            Map.entry("fd00::", "fd00::"),
            Map.entry("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            Map.entry("1::8", "1::8"),
            Map.entry("64:ff9b::192.0.2.33", "64:ff9b::c000:221"));

    recommended.forEach(
        (text, canonical) -> assertThat(IpAddress.parse(text)).as(text).hasToString(canonical));
  }

  @Test
  void shouldTakeAMappedAddressForIpv4() {
    assertThat(IpAddress.parse("::ffff:10.0.0.1")).isEqualTo(IpAddress.parse("10.0.0.1"));
    assertThat(IpAddress.mapped(IpAddress.parse("10.0.0.1").ipv4Bits()))
        .isEqualTo(IpAddress.parse("10.0.0.1").low());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "1.2.3.-4",
        "1.2.3.4 ",
        "localhost",
        ":",
        ":::",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8",
        "12345::",
        "g::",
        "::1.2.3",
        "1.2.3.4::",
        "::1%eth0",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        "1.2.3.٤",
        "::٤",
        "1.2.3.4:1:2:3:4:5:6"
      })
  void shouldRefuseWhatIsNoAddress(String text) {
    assertThat(IpAddress.tryParse(text)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse(text))
        .withMessage("'" + text + "' is not an IP address; write it as 10.244.0.1 or fd00::1");
  }

  @Test
  void shouldReadItsOwnText() {
    qt().forAll(longs().all(), longs().all())
        .check((high, low) -> {
          IpAddress address = new IpAddress(high, low);
          return IpAddress.parse(address.toString()).equals(address)
              && IpAddress.of(address.toBytes()).equals(address);
        });
    qt().forAll(integers().all())
        .check(bits -> IpAddress.parse(IpAddress.ofIpv4(bits).toString()).ipv4Bits() == bits);
  }

  @Test
  void shouldAgreeWithTheJdkOnTheOctets() {
    // Groups that are often zero, so that runs of every length and place occur.
    qt().forAll(longs().all(), integers().between(0, 255))
        .check((seed, zeros) -> {
          byte[] octets = new IpAddress(seed | 1L << 63, ~seed).toBytes();
          for (int group = 1; group < 8; group++) {
            if ((zeros >>> group & 1) != 0) {
              octets[2 * group] = 0;
              octets[2 * group + 1] = 0;
            }
          }
          return jdk(IpAddress.of(octets).toString()).equals(jdkOf(octets));
        });
  }

  @Test
  void shouldAddInUnsignedArithmetic() {
    qt().forAll(longs().all(), longs().all(), longs().all())
        .check((high, low, offset) -> {
          BigInteger expected =
              unsigned(new IpAddress(high, low))
                  .add(BigInteger.valueOf(offset))
                  .mod(BigInteger.ONE.shiftLeft(128));
          return unsigned(new IpAddress(high, low).plus(offset)).equals(expected);
        });
    assertThat(IpAddress.parse("10.0.0.255").plus(1)).hasToString("10.0.1.0");
    assertThat(IpAddress.parse("fd00::ffff:ffff:ffff:ffff").plus(1)).hasToString("fd00:0:0:1::");
    assertThat(IpAddress.parse("fd00:0:0:1::").plus(-1)).hasToString("fd00::ffff:ffff:ffff:ffff");
  }

  @Test
  void shouldOrderAsUnsignedNumbers() {
    List<IpAddress> ordered =
        Stream.of("::1", "9.255.255.255", "10.0.0.1", "200.0.0.1", "2001:db8::", "fd00::1")
            .map(IpAddress::parse)
            .toList();

    assertThat(ordered.stream().sorted().toList()).isEqualTo(ordered);
  }

  @Test
  void shouldTellSpecialAddressesApart() {
    assertThat(IpAddress.parse("127.0.0.53").isLoopback()).isTrue();
    assertThat(IpAddress.parse("::1").isLoopback()).isTrue();
    assertThat(IpAddress.parse("128.0.0.1").isLoopback()).isFalse();
    assertThat(IpAddress.parse("224.0.0.1").isMulticast()).isTrue();
    assertThat(IpAddress.parse("ff02::1").isMulticast()).isTrue();
    assertThat(IpAddress.parse("240.0.0.1").isMulticast()).isFalse();
    assertThat(IpAddress.parse("fe80::1").isMulticast()).isFalse();
  }

  @Test
  void shouldRefuseTheIpv4BitsOfIpv6() {
    assertThatIllegalStateException()
        .isThrownBy(() -> IpAddress.parse("fd00::1").ipv4Bits())
        .withMessage("fd00::1 is not an IPv4 address");
    assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.of(new byte[5]));
  }

  private static BigInteger unsigned(IpAddress address) {
    return new BigInteger(Long.toUnsignedString(address.high()))
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(address.low())));
  }

  private static InetAddress jdk(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(text, e);
    }
  }

  private static InetAddress jdkOf(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
