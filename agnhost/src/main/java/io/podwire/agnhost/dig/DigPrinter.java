package io.podwire.agnhost.dig;

import io.podwire.packet.dns.DnsHeader;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Edns;
import io.podwire.packet.dns.Opcode;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordClass;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes an answer as dig does, so that what reads dig's output reads this. */
final class DigPrinter {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss zzz yyyy", Locale.ROOT);

  private final PrintWriter out;
  private final Set<DigOptions.Part> parts;

  DigPrinter(PrintWriter out, Set<DigOptions.Part> parts) {
    this.out = out;
    this.parts = parts;
  }

  /** The data of the answers alone. */
  void printShort(DnsMessage message) {
    message.answers().forEach(each -> out.println(each.data()));
  }

  void printCommand(List<String> words) {
    if (shows(DigOptions.Part.CMD)) {
      out.println();
      out.println("; <<>> DiG (podwire) <<>> " + String.join(" ", words));
      out.println(";; global options: +cmd");
    }
  }

  void print(Exchange exchange, ZonedDateTime now) {
    DnsMessage message = exchange.answer();
    if (shows(DigOptions.Part.COMMENTS)) {
      printHeader(message);
      message.edns().ifPresent(this::printEdns);
    }
    if (shows(DigOptions.Part.QUESTION) && !message.questions().isEmpty()) {
      printTitle("QUESTION", message.edns().isEmpty());
      message.questions().forEach(this::printQuestion);
      out.println();
    }
    printSection("ANSWER", DigOptions.Part.ANSWER, message.answers());
    printSection("AUTHORITY", DigOptions.Part.AUTHORITY, message.authority());
    printSection("ADDITIONAL", DigOptions.Part.ADDITIONAL, message.withoutEdns().additional());
    if (shows(DigOptions.Part.STATS)) {
      printStats(exchange, now);
    }
  }

  private boolean shows(DigOptions.Part part) {
    return parts.contains(part);
  }

  private void printHeader(DnsMessage message) {
    DnsHeader header = message.header();
    out.println(";; Got answer:");
    out.printf(
        ";; ->>HEADER<<- opcode: %s, status: %s, id: %d%n",
        Opcode.text(header.opcode()), Rcode.text(message.rcode()), header.id());
    out.printf(
        ";; flags:%s; QUERY: %d, ANSWER: %d, AUTHORITY: %d, ADDITIONAL: %d%n",
        flags(header),
        message.questions().size(),
        message.answers().size(),
        message.authority().size(),
        message.additional().size());
    if (header.isRecursionDesired() && !header.isRecursionAvailable()) {
      out.println(";; WARNING: recursion requested but not available");
    }
    out.println();
  }

  private static String flags(DnsHeader header) {
    List<String> flags = new ArrayList<>();
    add(flags, "qr", header.isResponse());
    add(flags, "aa", header.isAuthoritative());
    add(flags, "tc", header.isTruncated());
    add(flags, "rd", header.isRecursionDesired());
    add(flags, "ra", header.isRecursionAvailable());
    add(flags, "ad", header.isAuthenticData());
    add(flags, "cd", header.isCheckingDisabled());
    return flags.isEmpty() ? "" : " " + String.join(" ", flags);
  }

  private static void add(List<String> flags, String name, boolean on) {
    if (on) {
      flags.add(name);
    }
  }

  private void printEdns(Edns edns) {
    out.println(";; OPT PSEUDOSECTION:");
    out.printf(
        "; EDNS: version: %d, flags:%s; udp: %d%n",
        edns.version(), edns.isDnssecOk() ? " do" : "", edns.payloadSize());
  }

  private void printTitle(String name, boolean always) {
    if (always || shows(DigOptions.Part.COMMENTS)) {
      out.println(";; " + name + " SECTION:");
    }
  }

  private void printQuestion(Question question) {
    out.printf(
        ";%s\t\t%s\t%s%n",
        question.name(), RecordClass.text(question.dnsClass()), RecordType.text(question.type()));
  }

  private void printSection(String name, DigOptions.Part part, List<ResourceRecord> records) {
    if (!shows(part) || records.isEmpty()) {
      return;
    }
    printTitle(name, false);
    for (ResourceRecord each : records) {
      out.printf(
          "%s\t%d\t%s\t%s\t%s%n",
          each.name(),
          each.ttl(),
          RecordClass.text(each.dnsClass()),
          RecordType.text(each.type()),
          each.data());
    }
    if (shows(DigOptions.Part.COMMENTS)) {
      out.println();
    }
  }

  private void printStats(Exchange exchange, ZonedDateTime now) {
    InetSocketAddress server = exchange.server();
    String address = server.getAddress().getHostAddress();
    out.printf(";; Query time: %d msec%n", exchange.duration().toMillis());
    out.printf(
        ";; SERVER: %s#%d(%s) (%s)%n",
        address, server.getPort(), server.getHostString(), exchange.tcp() ? "TCP" : "UDP");
    out.println(";; WHEN: " + WHEN.format(now));
    out.printf(";; MSG SIZE  rcvd: %d%n%n", exchange.size());
  }
}
