package io.podwire.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CookiesTest {
  private static final HexFormat HEX = HexFormat.of();

  /** RFC 9018, appendix A.1 and A.2. */
  private static final byte[] SECRET = HEX.parseHex("e5e973e5a6b2a43f48e7dc849e37bfcf");

  private static final byte[] CLIENT = HEX.parseHex("2464c4abcf10c957");
  private static final byte[] ADDRESS = {(byte) 198, 51, 100, 100};

  private final AtomicLong now = new AtomicLong(1559731985);
  private final Cookies cookies = new Cookies(SECRET, now::get);

  @Test
  void shouldMakeTheCookiesOfTheSpecification() {
    assertThat(HEX.formatHex(cookies.made(CLIENT, ADDRESS, 1559731985)))
        .isEqualTo("2464c4abcf10c957010000005cf79f111f8130c3eee29480");
  }

  @Test
  void shouldKnowItsOwnForAWhile() {
    byte[] cookie = cookies.made(CLIENT, ADDRESS, now.get());

    assertThat(cookies.isOurs(cookie, ADDRESS)).isTrue();
    now.addAndGet(3600);
    assertThat(cookies.isOurs(cookie, ADDRESS)).isTrue();
    now.addAndGet(1);
    assertThat(cookies.isOurs(cookie, ADDRESS)).isFalse();
    now.addAndGet(-4000);
    assertThat(cookies.isOurs(cookie, ADDRESS)).isFalse();
  }

  @Test
  void shouldNotTakeThoseOfOthers() {
    byte[] cookie = cookies.made(CLIENT, ADDRESS, now.get());

    assertThat(cookies.isOurs(cookie, new byte[] {10, 0, 0, 1})).isFalse();
    cookie[23] ^= 1;
    assertThat(cookies.isOurs(cookie, ADDRESS)).isFalse();
    assertThat(cookies.isOurs(CLIENT, ADDRESS)).isFalse();
  }
}
