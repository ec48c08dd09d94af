package io.podwire.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.dns.handler.Reuse;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.PlainQuery;
import io.podwire.packet.dns.Question;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AnswerTableTest {
  private static final int MANY = 100_000;

  private final PlainQuery query = new PlainQuery(3);

  private DnsMessage ask(String name) {
    DnsMessage message = DnsMessage.query(1, Question.of(DnsName.parse(name), RecordType.A));
    byte[] octets = LoopbackServer.octets(message);
    assertThat(query.read(ByteBuffer.wrap(octets), 0, octets.length)).isTrue();
    return message;
  }

  private ReadyAnswer answer(String name, int bits, Reuse.Condition condition) {
    DnsMessage message = ask(name);
    ResourceRecord record =
        ResourceRecord.of(DnsName.parse(name), 5, new Rdata.A(IpAddress.ofIpv4(bits)));
    Reuse reuse = new Reuse();
    reuse.onlyWhile(condition);
    return Objects.requireNonNull(
        ReadyAnswer.of(query, message.reply(0).withAnswers(List.of(record)), null, reuse));
  }

  @Test
  void shouldFindWhatWasPutLast() {
    AnswerTable table = new AnswerTable(1 << 20);
    ReadyAnswer first = answer("a.test", 1, () -> true);
    ReadyAnswer second = answer("a.test", 2, () -> true);
    table.put(query, first);
    table.put(query, second);
    ask("A.TEST");
    assertThat(table.find(query)).isSameAs(second);
    ask("b.test");
    assertThat(table.find(query)).isNull();
    assertThat(table.octets()).isEqualTo(second.weight());
  }

  @Test
  void shouldNotFindWhatHoldsNoMore() {
    AnswerTable table = new AnswerTable(1 << 20);
    AtomicBoolean holds = new AtomicBoolean(true);
    ReadyAnswer answer = answer("a.test", 1, holds::get);
    table.put(query, answer);
    assertThat(table.find(query)).isSameAs(answer);
    holds.set(false);
    assertThat(table.find(query)).isNull();
  }

  @Test
  void shouldKeepAlmostAllOfManyNamesAndGrowForThem() {
    AnswerTable table = new AnswerTable(8 << 20);
    int names = 20_000;
    for (int i = 0; i < names; i++) {
      table.put(query, answer("svc-" + i + ".ns.svc.cluster.local", i, () -> true));
    }
    int found = 0;
    for (int i = 0; i < names; i++) {
      ask("svc-" + i + ".ns.svc.cluster.local");
      found += table.find(query) == null ? 0 : 1;
    }
    assertThat(found).isGreaterThan(names * 99 / 100);
  }

  @Test
  void shouldStayWithinItsBoundHoweverManyNamesAreAsked() {
    int bound = 100_000;
    AnswerTable table = new AnswerTable(bound);
    int kept = 0;
    for (int i = 0; i < MANY; i++) {
      ReadyAnswer answer = answer("svc-" + i + ".ns.svc.cluster.local", i, () -> true);
      table.put(query, answer);
      assertThat(table.octets()).isLessThanOrEqualTo(bound);
      kept += table.find(query) == answer ? 1 : 0;
    }
    // Who asks for names that nobody else does keeps nobody else's out.
    assertThat(kept).isEqualTo(MANY);
  }

  @Test
  void shouldTakeTheRoomOfWhatHoldsNoMore() {
    AnswerTable table = new AnswerTable(100_000);
    AtomicBoolean first = new AtomicBoolean(true);
    for (int i = 0; i < 10_000; i++) {
      table.put(query, answer("old-" + i + ".test", i, first::get));
    }
    first.set(false);
    int kept = 0;
    for (int i = 0; i < 100; i++) {
      ReadyAnswer answer = answer("new-" + i + ".test", i, () -> true);
      table.put(query, answer);
      kept += table.find(query) == answer ? 1 : 0;
    }
    assertThat(kept).isGreaterThan(90);
  }
}
