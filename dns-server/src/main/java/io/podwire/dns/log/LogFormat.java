package io.podwire.dns.log;

import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.handler.Query;
import io.podwire.dns.handler.ResponseClass;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsHeader;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordClass;
import io.podwire.packet.dns.RecordType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of the log with places such as {@code {remote}} in it. Immutable and thread-safe. */
final class LogFormat {
  private static final String COMMON_TEXT =
      "{remote}:{port} - {>id} \"{type} {class} {name} {proto} {size} {>do} {>bufsize}\" {rcode}"
          + " {>rflags} {rsize} {duration}";
  private static final Pattern PLACE = Pattern.compile("\\{[^{}]*}");
  private static final List<String> KNOWN =
      List.of(
          "{type}",
          "{name}",
          "{class}",
          "{proto}",
          "{size}",
          "{remote}",
          "{port}",
          "{local}",
          "{rcode}",
          "{rsize}",
          "{duration}",
          "{>id}",
          "{>opcode}",
          "{>do}",
          "{>bufsize}",
          "{>rflags}");

  static final LogFormat COMMON = new LogFormat(COMMON_TEXT);

  private final String text;

  private LogFormat(String text) {
    this.text = text;
  }

  static LogFormat read(Token token, Problems problems) {
    String text =
        token
            .text()
            .replace("{common}", COMMON_TEXT)
            .replace("{combined}", COMMON_TEXT + " \"{>opcode}\"");
    Matcher places = PLACE.matcher(text);
    while (places.find()) {
      if (!KNOWN.contains(places.group()) && !places.group().startsWith("{/")) {
        problems.add(
            token,
            "unknown place '"
                + places.group()
                + "' in the format of log; known: {common}, "
                + String.join(", ", KNOWN));
      }
    }
    return new LogFormat(text);
  }

  String text(Query query, DnsMessage answer, long nanos) {
    StringBuilder line = new StringBuilder();
    Matcher places = PLACE.matcher(text);
    while (places.find()) {
      places.appendReplacement(
          line, Matcher.quoteReplacement(value(places.group(), query, answer, nanos)));
    }
    return places.appendTail(line).toString();
  }

  private static String value(String place, Query query, DnsMessage answer, long nanos) {
    return switch (place) {
      case "{type}" -> RecordType.text(query.type());
      case "{name}" -> query.name().toString().toLowerCase(Locale.ROOT);
      case "{class}" -> RecordClass.text(query.question().dnsClass());
      case "{proto}" -> query.delivery().protocol();
      case "{size}" -> Integer.toString(size(query.message()));
      case "{remote}" -> {
        String address = query.client().getAddress().getHostAddress();
        yield address.contains(":") ? "[" + address + "]" : address;
      }
      case "{port}" -> Integer.toString(query.client().getPort());
      case "{local}" -> query.delivery().server();
      case "{rcode}" -> Rcode.text(answer.rcode());
      case "{rsize}" -> Integer.toString(size(answer));
      case "{duration}" -> BigDecimal.valueOf(nanos, 9).toPlainString() + "s";
      case "{>id}" -> Integer.toString(query.message().header().id());
      case "{>opcode}" -> Integer.toString(query.message().header().opcode());
      case "{>do}" -> Boolean.toString(query.message().edns().filter(Edns::isDnssecOk).isPresent());
      case "{>bufsize}" ->
          Integer.toString(
              query.delivery().isOverUdp()
                  ? Math.max(512, query.message().edns().map(Edns::payloadSize).orElse(512))
                  : DnsCodec.MAX_MESSAGE);
      case "{>rflags}" -> flags(answer.header());
      case "{/log/class}" -> logClass(ResponseClass.of(answer));
      case "{/log/type}" ->
          answer.rcode() == Rcode.NOERROR
              ? ResponseClass.of(answer) == ResponseClass.DENIAL ? "NODATA" : "NOERROR"
              : Rcode.text(answer.rcode());
      default -> "-";
    };
  }

  private static String logClass(ResponseClass kind) {
    return switch (kind) {
      case SUCCESS -> "success";
      case DENIAL -> "denial";
      default -> "error";
    };
  }

  private static int size(DnsMessage message) {
    return DnsCodec.encode(message, DnsCodec.MAX_MESSAGE).remaining();
  }

  private static String flags(DnsHeader header) {
    List<String> flags = new ArrayList<>();
    flags.add("qr");
    if (header.isAuthoritative()) {
      flags.add("aa");
    }
    if (header.isTruncated()) {
      flags.add("tc");
    }
    if (header.isRecursionDesired()) {
      flags.add("rd");
    }
    if (header.isRecursionAvailable()) {
      flags.add("ra");
    }
    if (header.isAuthenticData()) {
      flags.add("ad");
    }
    if (header.isCheckingDisabled()) {
      flags.add("cd");
    }
    return String.join(",", flags);
  }
}
