package io.podwire.dns.rewrite;

import io.podwire.dns.handler.Query;
import io.podwire.dns.plugin.Words;
import io.podwire.packet.Octets;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code rewrite edns0 …}; good for a single use. */
final class EdnsReader {
  private static final int NSID = 3;
  private static final int SUBNET = 8;

  private static final Map<String, Function<Query, @Nullable Octets>> VARIABLES =
      Map.of(
          "{qname}",
          query -> text(query.name().toString().toLowerCase(Locale.ROOT)),
          "{qtype}",
          query -> number(query.type()),
          "{client_ip}",
          query -> Octets.of(query.client().getAddress().getAddress()),
          "{client_port}",
          query -> number(query.client().getPort()),
          "{protocol}",
          query -> text(query.delivery().protocol()));

  private final Words words;
  private final boolean goesOn;

  EdnsReader(Words words, boolean goesOn) {
    this.words = words;
    this.goesOn = goesOn;
  }

  @Nullable Rule read() {
    String kind = words.oneOf("EDNS option", "local", "nsid", "subnet");
    EdnsRule.Action action =
        EdnsRule.Action.valueOf(
            words
                .oneOf("thing to do with an EDNS option", "set", "append", "replace", "unset")
                .toUpperCase(Locale.ROOT));
    int code =
        switch (kind) {
          case "nsid" -> NSID;
          case "subnet" -> SUBNET;
          default -> code();
        };
    Function<Query, @Nullable Octets> content = query -> Octets.EMPTY;
    if (action != EdnsRule.Action.UNSET && kind.equals("local")) {
      content = data();
    } else if (action != EdnsRule.Action.UNSET && kind.equals("subnet")) {
      int ipv4 = words.number("number of bits of IPv4", 0, 32, 24);
      int ipv6 = words.number("number of bits of IPv6", 0, 128, 56);
      content = query -> subnet(query.client().getAddress(), ipv4, ipv6);
    }
    boolean takesBack = action != EdnsRule.Action.UNSET && words.peek().equals("revert");
    if (takesBack) {
      words.text("revert");
    }
    return new EdnsRule(action, code, content, takesBack, goesOn);
  }

  private int code() {
    String text = words.text("the number of an EDNS option");
    try {
      int code = Integer.decode(text);
      if (code >= 0 && code <= 0xffff) {
        return code;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    words.problem("'" + text + "' is no number of an EDNS option; write one such as 0xffee");
    return 0xffff;
  }

  private Function<Query, @Nullable Octets> data() {
    String text = words.text("the content of an EDNS option");
    if (text.startsWith("{") && text.endsWith("}")) {
      Function<Query, @Nullable Octets> variable = VARIABLES.get(text);
      if (variable == null) {
        words.problem(
            "'"
                + text
                + "' is no variable here; known: {qname}, {qtype}, {client_ip}, {client_port},"
                + " {protocol}");
        return query -> null;
      }
      return variable;
    }
    if (text.startsWith("0x")) {
      if (!text.matches("0x([0-9a-fA-F]{2})*")) {
        words.problem("'" + text + "' has not two hexadecimal digits for each octet");
        return query -> null;
      }
      Octets octets = Octets.ofHex(text.substring(2));
      return query -> octets;
    }
    Octets octets = text(text);
    return query -> octets;
  }

  private static Octets text(String text) {
    return Octets.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Octets number(int number) {
    return Octets.of((byte) (number >> 8), (byte) number);
  }

  /** Family, prefix, scope and as many octets as the prefix has (RFC 7871, section 6). */
  private static Octets subnet(InetAddress client, int ipv4, int ipv6) {
    byte[] address = client.getAddress();
    boolean isIpv4 = address.length == 4;
    int bits = isIpv4 ? ipv4 : ipv6;
    int octets = (bits + 7) / 8;
    if (bits % 8 != 0) {
      address[octets - 1] &= (byte) (0xff << 8 - bits % 8);
    }
    ByteBuffer content = ByteBuffer.allocate(4 + octets);
    content.putShort((short) (isIpv4 ? 1 : 2)).put((byte) bits).put((byte) 0);
    content.put(address, 0, octets);
    return Octets.of(content.array());
  }
}
