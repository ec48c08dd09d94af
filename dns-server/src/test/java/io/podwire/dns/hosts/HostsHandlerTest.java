package io.podwire.dns.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.dns.handler.HandlerChain;
import io.podwire.dns.handler.Query;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostsHandlerTest {

  private static DnsMessage ask(String name, String type) {
    List<String> problems = new ArrayList<>();
    HostsFile hosts =
        HostsFile.parse(
            List.of(
                "# upstream of everything",
                "192.0.2.1  gateway.test gw   # two names",
                "2001:db8::1\tgateway.test",
                "192.0.2.2 gateway.test",
                ""),
            problems);
    assertThat(problems).isEmpty();
    Question question = Question.of(DnsName.parse(name), RecordType.tryParse(type).orElseThrow());
    return new HandlerChain(List.of(new HostsHandler(hosts)))
        .answer(Query.of(DnsMessage.query(1, question), new InetSocketAddress(1)))
        .toCompletableFuture()
        .join();
  }

  @Test
  void shouldAnswerNamesInAnyCase() {
    assertThat(ask("Gateway.TEST", "A").answers())
        .hasToString("[Gateway.TEST. 5 IN A 192.0.2.1, Gateway.TEST. 5 IN A 192.0.2.2]");
    assertThat(ask("gateway.test", "AAAA").answers())
        .hasToString("[gateway.test. 5 IN AAAA 2001:db8::1]");
    assertThat(ask("gw", "A").answers()).hasToString("[gw. 5 IN A 192.0.2.1]");
  }

  @Test
  void shouldNameAnAddressByItsFirstName() {
    assertThat(ask("1.2.0.192.in-addr.arpa", "PTR").answers())
        .hasToString("[1.2.0.192.in-addr.arpa. 5 IN PTR gateway.test.]");
  }

  @Test
  void shouldHaveNoDataOfOtherTypesAndLeaveOtherNames() {
    DnsMessage other = ask("gw", "AAAA");
    assertThat(other.rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(other.answers()).isEmpty();
    assertThat(ask("other.test", "A").rcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void shouldReportEveryLineThatIsWrong() {
    List<String> problems = new ArrayList<>();

    HostsFile.parse(
        List.of("192.0.2.1 ok", "192.0.2.300 bad", "192.0.2.2", "192.0.2.3 a..b"), problems);

    assertThat(problems).hasSize(3);
    assertThat(problems.get(0)).startsWith("line 2: '192.0.2.300 bad'");
    assertThat(problems.get(1)).startsWith("line 3: '192.0.2.2'");
    assertThat(problems.get(2)).startsWith("line 4: 'a..b'");
  }
}
