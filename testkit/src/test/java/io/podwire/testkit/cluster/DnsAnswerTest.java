package io.podwire.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.packet.addr.IpAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DnsAnswerTest {
  private static final String ANSWER =
      """
      ;; Got answer:
      ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 4711
      ;; flags: qr aa rd; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 1

      ;; QUESTION SECTION:
      ;web.default.svc.cluster.local.\t\tIN\tA

      ;; ANSWER SECTION:
      web.default.svc.cluster.local.\t5\tIN\tA\t10.96.0.7
      web.default.svc.cluster.local.\t5\tIN\tAAAA\tfd00::7

      ;; Query time: 1 msec
      """;

  @Test
  void shouldReadStatusAndRecords() {
    DnsAnswer answer = DnsAnswer.parse(ANSWER, Duration.ZERO);

    assertThat(answer.status()).isEqualTo("NOERROR");
    assertThat(answer.records()).hasSize(2);
    assertThat(answer.records().get(0).ttl()).isEqualTo(5);
    assertThat(answer.addresses())
        .containsExactly(IpAddress.parse("10.96.0.7"), IpAddress.parse("fd00::7"));
  }

  @Test
  void shouldTellNoAnswerFromAnEmptyOne() {
    DnsAnswer none = DnsAnswer.parse(";; no servers could be reached\n", Duration.ZERO);
    DnsAnswer empty =
        DnsAnswer.parse(";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n", Duration.ZERO);

    assertThat(none.answered()).isFalse();
    assertThat(none.status()).isEqualTo(DnsAnswer.TIMEOUT);
    assertThat(empty.answered()).isTrue();
    assertThat(empty.addresses()).isEmpty();
  }
}
