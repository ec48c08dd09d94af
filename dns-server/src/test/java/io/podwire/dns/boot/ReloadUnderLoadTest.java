package io.podwire.dns.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Clients ask all the time while the Corefile changes: all are answered, each by one Corefile. */
class ReloadUnderLoadTest {
  private static final int CHANGES = 40;
  private static final int CLIENTS = 3;

  @TempDir Path folder;

  /**
   * The answer to www.test is an alias by one plugin and an address by another, both with the
   * number of the Corefile; ready.test is one that is given without the plugins.
   */
  private static String corefile(int number) {
    return """
    .:0 {
        bind 127.0.0.1
        template IN A www.test {
            answer "{{ .Name }} 5 IN CNAME host-NUMBER.alias.test."
        }
        hosts /dev/null {
            192.0.2.NUMBER host-NUMBER.alias.test ready.test
            fallthrough
        }
        loadbalance
    }
    """
        .replace("NUMBER", Integer.toString(number));
  }

  /** As a ConfigMap's volume does it: at once. */
  private void write(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, folder.resolve("Corefile"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void shouldLoseNoQueryAndAnswerByOneCorefile() throws Exception {
    write(corefile(1));
    AtomicInteger least = new AtomicInteger(1);
    AtomicInteger most = new AtomicInteger(1);
    CorefileSource source = CorefileSource.of(folder.resolve("Corefile"), Map.of());
    try (RunningServer server =
            RunningServer.start(new DnsConfiguration(source, List.of(), 2, null));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicInteger ended = new AtomicInteger();
      List<Future<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        boolean tcp = i == 0;
        clients.add(
            threads.submit(() -> {
              int asked = 0;
              while (ended.get() == 0) {
                int before = least.get();
                int seen = ask(server.addresses().get(0), "www.test.", tcp);
                int ready = ask(server.addresses().get(0), "ready.test.", tcp);
                // None of one that was gone when it was asked for, nor of one still to come.
                assertThat(seen).isBetween(before, most.get());
                assertThat(ready).isBetween(seen, most.get());
                asked += 2;
              }
              return asked;
            }));
      }
      for (int number = 2; number <= CHANGES; number++) {
        if (number % 4 == 0) {
          write(corefile(250).replace("loadbalance", "loadbalance\n    bogus"));
          assertThat(server.reload()).isFalse();
        }
        write(corefile(number));
        most.set(number);
        assertThat(server.reload()).isTrue();
        least.set(number);
        long sofar = server.counters().get("queries.udp");
        await()
            .pollInterval(Duration.ofMillis(1))
            .until(() -> server.counters().get("queries.udp") >= sofar + 20);
      }
      ended.set(1);
      for (Future<Integer> each : clients) {
        assertThat(each.get(10, TimeUnit.SECONDS)).isPositive();
      }
      assertThat(server.metrics().count("reload_failed")).isEqualTo(CHANGES / 4);
      assertThat(server.counters().get("answers.ready")).isPositive();
    }
  }

  /** The number of the Corefile that the answer is by; a query that is lost fails. */
  private static int ask(InetSocketAddress server, String name, boolean tcp) throws IOException {
    SimpleResolver resolver = new SimpleResolver(server);
    resolver.setTCP(tcp);
    resolver.setTimeout(Duration.ofSeconds(5));
    Message answer =
        resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN)));
    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    List<Record> records = answer.getSection(Section.ANSWER);
    int address = ((ARecord) records.get(records.size() - 1)).getAddress().getAddress()[3] & 0xff;
    if (name.startsWith("www")) {
      assertThat(records).hasSize(2);
      assertThat(((CNAMERecord) records.get(0)).getTarget())
          .hasToString("host-" + address + ".alias.test.");
    }
    return address;
  }
}
