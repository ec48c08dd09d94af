package io.podwire.dns.server;

import io.podwire.dns.handler.Delivery;
import io.podwire.packet.Octets;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Rdata;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * DNS cookies (RFC 7873) as all servers of one secret make them (RFC 9018): each client that sends
 * one gets it back with ours, which tells its later queries from those with a forged sender.
 *
 * <p>Thread-safe.
 */
final class Cookies {
  /** IANA's number of the EDNS option. */
  static final int OPTION = 10;

  private static final int CLIENT = 8;
  private static final int SERVER = 16;
  private static final int LEAST_SERVER = 8;
  private static final int MOST_SERVER = 32;
  private static final int VERSION = 1;
  private static final long OLDEST_SECONDS = 3600;
  private static final long NEWEST_SECONDS = 300;

  private final long key0;
  private final long key1;
  private final LongSupplier seconds;

  /**
   * With a secret of 16 octets.
   *
   * @param seconds since 1970
   */
  Cookies(byte[] secret, LongSupplier seconds) {
    ByteBuffer halves = ByteBuffer.wrap(secret).order(ByteOrder.LITTLE_ENDIAN);
    this.key0 = halves.getLong();
    this.key1 = halves.getLong();
    this.seconds = seconds;
  }

  static Cookies random() {
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    return new Cookies(secret, () -> System.currentTimeMillis() / 1000);
  }

  /**
   * Adds the cookie to the answer, where the query has one.
   *
   * @return false where the query's is malformed
   */
  boolean answer(Edns query, InetSocketAddress client, Delivery delivery) {
    for (Rdata.Opt.Option option : query.options()) {
      if (option.code() != OPTION) {
        continue;
      }
      byte[] cookie = option.value().toBytes();
      int server = cookie.length - CLIENT;
      if (server != 0 && (server < LEAST_SERVER || server > MOST_SERVER)) {
        return false;
      }
      byte[] address = client.getAddress().getAddress();
      if (isOurs(cookie, address)) {
        delivery.prove();
      }
      delivery.option(
          new Rdata.Opt.Option(OPTION, Octets.of(made(cookie, address, seconds.getAsLong()))));
      return true;
    }
    return true;
  }

  /** A server cookie that was made here for this client, and not long ago. */
  boolean isOurs(byte[] cookie, byte[] address) {
    if (cookie.length != CLIENT + SERVER) {
      return false;
    }
    long made = ByteBuffer.wrap(cookie).getInt(CLIENT + 4) & 0xffff_ffffL;
    // Serial number arithmetic (RFC 1982): the clock of 32 bits comes round in 2106.
    int age = (int) (seconds.getAsLong() - made);
    return age <= OLDEST_SECONDS
        && -age <= NEWEST_SECONDS
        && Arrays.equals(cookie, made(cookie, address, made));
  }

  /** The client's part and, behind it, ours: version, time and hash (RFC 9018, section 4). */
  byte[] made(byte[] cookie, byte[] address, long time) {
    ByteBuffer whole = ByteBuffer.allocate(CLIENT + SERVER + address.length);
    whole.put(cookie, 0, CLIENT).put((byte) VERSION).put(new byte[3]).putInt((int) time);
    int hashAt = whole.position();
    whole.put(address);
    long hash = SipHash.of(key0, key1, Arrays.copyOf(whole.array(), whole.position()));
    whole.order(ByteOrder.LITTLE_ENDIAN).putLong(hashAt, hash);
    return Arrays.copyOf(whole.array(), CLIENT + SERVER);
  }
}
