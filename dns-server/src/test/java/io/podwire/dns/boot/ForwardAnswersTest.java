package io.podwire.dns.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** What lines of {@code forward} make of real upstreams that do not agree. */
class ForwardAnswersTest {

  /** In the order of their addresses, {@code $1} and on in the table. */
  private static final String UPSTREAMS =
      """
      .:0 {
          bind 127.0.0.1
          template IN ANY {
              rcode NXDOMAIN
          }
      }
      .:0 {
          bind 127.0.0.2
          hosts /dev/null {
              192.0.2.2 a.test
              authoritative
          }
      }
      .:0 {
          bind 127.0.0.3
          hosts /dev/null {
              192.0.2.3 a.test
              2001:db8::3 a.test
          }
      }
      .:0 {
          bind 127.0.0.4
          whoami
      }
      .:0 {
          bind 127.0.0.5
          template CH TXT version.bind {
              answer "version.bind. 0 CH TXT upstream"
          }
          forward elsewhere.test 127.0.0.1:9
      }
      """;

  private static RunningServer upstreams;

  @BeforeAll
  static void start() {
    upstreams = server(UPSTREAMS);
  }

  @AfterAll
  static void stop() {
    upstreams.close();
  }

  private static RunningServer server(String text) {
    return RunningServer.start(
        new DnsConfiguration(new CorefileSource(null, text, Map.of()), List.of(), 1, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          forward . $1 $2 { policy sequential; failover NXDOMAIN }                   | a.test A           | NOERROR 192.0.2.2
          forward . $1 $2 { policy sequential; failover SERVFAIL REFUSED }           | a.test A           | NXDOMAIN
          forward . $2 $1 { policy sequential; failover NXDOMAIN }                   | b.test A           | NXDOMAIN
          forward . $1 { next NXDOMAIN } / forward . $3                              | a.test A           | NOERROR 192.0.2.3
          forward . $1 { next NXDOMAIN } / forward . $2 { next NXDOMAIN } / forward . $3 | b.test A       | SERVFAIL
          forward . $1 { next SERVFAIL } / forward . $3                              | a.test A           | NXDOMAIN
          forward . $1 { next NXDOMAIN } / forward other.test $3                     | a.test A           | REFUSED
          forward . $1 { next NXDOMAIN }                                             | a.test A           | NXDOMAIN
          forward . $2 / forward . $3                                                | a.test AAAA        | NOERROR
          forward . $2 { next_on_nodata } / forward . $3                             | a.test AAAA        | NOERROR 2001:db8:0:0:0:0:0:3
          forward . 127.0.0.1:9 $3 { policy sequential }                             | a.test A           | NOERROR 192.0.2.3
          forward . 127.0.0.1:9 $3 { policy sequential; max_connect_attempts 1 }     | a.test A           | SERVFAIL
          forward . $3 { force_tcp; max_idle_conns 1; max_age 20s; expire 10s }      | a.test A           | NOERROR 192.0.2.3
          forward . $3 { prefer_udp; health_check 1s no_rec domain a.test }          | a.test A           | NOERROR 192.0.2.3
          forward a.test $3 { except b.a.test }                                      | b.a.test A         | REFUSED
          forward . $4 { source_address 127.0.0.9 }                                  | a.test A           | NOERROR 127.0.0.9 0 0 PORT .
          forward . $5                                                               | version.bind TXT CH | NOERROR upstream
          whoami                                                                     | version.bind TXT CH | REFUSED
          """)
  void shouldAnswer(String lines, String question, String expected) throws IOException {
    String text = lines.replace(" / ", "\n").replace("{ ", "{\n").replace("; ", "\n");
    text = text.replace(" }", "\n}");
    for (int i = 0; i < upstreams.addresses().size(); i++) {
      String address = upstreams.addresses().get(i).toString().substring(1);
      text = text.replace("$" + (i + 1), address);
    }
    try (RunningServer server = server(".:0 {\nbind 127.0.0.1\n" + text + "\n}\n")) {
      assertThat(ask(server, question.split(" "))).isEqualTo(expected);
    }
  }

  private static String ask(RunningServer server, String[] words) throws IOException {
    SimpleResolver resolver = new SimpleResolver(server.addresses().get(0));
    resolver.setTimeout(Duration.ofSeconds(8));
    int dnsClass = words.length > 2 ? DClass.value(words[2]) : DClass.IN;
    Message answer =
        resolver.send(
            Message.newQuery(
                Record.newRecord(Name.fromString(words[0] + "."), Type.value(words[1]), dnsClass)));
    List<Record> records = answer.getSection(Section.ANSWER);
    if (records.isEmpty()) {
      records =
          answer.getSection(Section.ADDITIONAL).stream()
              .filter(each -> each.getType() != Type.OPT)
              .toList();
    }
    return (Rcode.string(answer.getRcode())
            + records.stream()
                .map(each -> " " + each.rdataToString().replace("\"", ""))
                .collect(Collectors.joining()))
        .replaceAll(" 0 0 [0-9]+ ", " 0 0 PORT ");
  }
}
