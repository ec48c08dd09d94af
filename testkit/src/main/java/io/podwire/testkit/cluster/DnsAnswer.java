package io.podwire.testkit.cluster;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Pod was answered.
 *
 * @param status the response code such as NOERROR or NXDOMAIN, or TIMEOUT where no answer came
 * @param records the answer section
 * @param took the whole lookup as seen by this JVM, with the start of the program that asks
 */
public record DnsAnswer(String status, List<DnsRecord> records, Duration took) {
  /** The status of no answer at all. */
  public static final String TIMEOUT = "TIMEOUT";

  private static final Pattern STATUS = Pattern.compile("status: ([A-Z0-9]+)");
  private static final Pattern RECORD =
      Pattern.compile("^([^;\\s]\\S*)\\t(\\d+)\\t(\\S+)\\t(\\S+)\\t(.*)$", Pattern.MULTILINE);
  private static final String ANSWER_SECTION = ";; ANSWER SECTION:";

  /** Keeps its own copy of the records. */
  public DnsAnswer {
    records = List.copyOf(records);
  }

  /** Reads what dig prints. */
  static DnsAnswer parse(String text, Duration took) {
    Matcher status = STATUS.matcher(text);
    if (!status.find()) {
      return new DnsAnswer(TIMEOUT, List.of(), took);
    }
    List<DnsRecord> records = new ArrayList<>();
    int section = text.indexOf(ANSWER_SECTION);
    if (section >= 0) {
      int end = text.indexOf("\n\n", section);
      Matcher record = RECORD.matcher(text.substring(section, end < 0 ? text.length() : end));
      while (record.find()) {
        records.add(
            new DnsRecord(
                DnsName.parse(record.group(1)),
                Long.parseLong(record.group(2)),
                record.group(4),
                record.group(5)));
      }
    }
    return new DnsAnswer(status.group(1), records, took);
  }

  /** Whether an answer came, whatever it says. */
  public boolean answered() {
    return !status.equals(TIMEOUT);
  }

  /** The addresses of the A and AAAA records, in the answer's order. */
  public List<IpAddress> addresses() {
    return records.stream()
        .filter(record -> record.type().equals("A") || record.type().equals("AAAA"))
        .map(record -> IpAddress.parse(record.data()))
        .toList();
  }
}
