package io.podwire.netstack.filter;

import static io.podwire.netstack.wire.PacketBuilder.udp;
import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.netstack.link.Frame;
import io.podwire.packet.EthernetView;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connection tracking of UDP against maps that are searched through and never aged in parts. */
class ConntrackModelTest {

  private static final int CAPACITY = 400;
  private static final String[] HOSTS = {"10.0.0.1", "10.0.0.2", "10.0.0.3"};
  private static final int PORTS = 24;

  private final Packet packet = new Packet(Frame.allocate(0));

  private record Tuple(int from, int fromPort, int to, int toPort) {
    Tuple inverse() {
      return new Tuple(to, toPort, from, fromPort);
    }
  }

  private static final class Flow {
    final Connection connection;
    final Tuple original;
    final long began;
    long deadline;
    boolean answered;

    Flow(Connection connection, Tuple original, long began) {
      this.connection = connection;
      this.original = original;
      this.began = began;
    }
  }

  /** The rules of time-outs and of a full table, as simply as possible. */
  private static final class Model {
    final Map<Tuple, Flow> flows = new HashMap<>();
    final Set<Flow> all = new LinkedHashSet<>();

    @Nullable Flow live(Tuple tuple, long now) {
      Flow flow = flows.get(tuple);
      return flow == null || now >= flow.deadline ? null : flow;
    }

    void forgetEnded(long now) {
      all.removeIf(flow -> now >= flow.deadline);
      flows.values().removeIf(flow -> now >= flow.deadline);
    }

    void forget(Flow flow) {
      all.remove(flow);
      flows.values().removeIf(other -> other == flow);
    }

    @Nullable Flow oldestUnanswered() {
      return all.stream().filter(flow -> !flow.answered).findFirst().orElse(null);
    }

    static void refresh(Flow flow, Tuple tuple, long now) {
      flow.answered |= !tuple.equals(flow.original);
      flow.deadline =
          now
              + (flow.answered && now - flow.began >= Conntrack.UDP_STREAM_AFTER_MILLIS
                  ? Conntrack.UDP_STREAM_TIMEOUT_MILLIS
                  : Conntrack.UDP_TIMEOUT_MILLIS);
    }
  }

  private Verdict pass(Conntrack conntrack, Tuple tuple, long now) {
    Frame frame =
        udp(HOSTS[tuple.from], HOSTS[tuple.to]).ports(tuple.fromPort, tuple.toPort).frame();
    assertThat(packet.parse(frame, frame.start() + EthernetView.HEADER_LENGTH)).isNull();
    Verdict verdict = conntrack.track(packet, now);
    return verdict == Verdict.ACCEPT ? conntrack.confirm(packet, now) : verdict;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldTrackAsMapsThatAreSearchedThrough(long seed) {
    Random random = new Random(seed);
    long now = random.nextInt();
    Conntrack conntrack = new Conntrack(CAPACITY, seed, now);
    Model model = new Model();
    for (int i = 0; i < 20_000; i++) {
      now += random.nextInt(100) == 0 ? random.nextInt(8000) : random.nextInt(3);
      switch (random.nextInt(200)) {
        case 0 -> {
          int port = random.nextInt(PORTS);
          conntrack.removeIf(connection -> connection.original().sourcePort() == port);
          model.all.stream()
              .filter(flow -> flow.original.fromPort == port)
              .toList()
              .forEach(model::forget);
        }
        case 1, 2, 3 -> conntrack.age(now);
        default -> step(conntrack, model, random, now);
      }
      model.forgetEnded(now);
      assertThat(conntrack.size()).isBetween(model.all.size(), CAPACITY);
      assertThat(model.all.stream().allMatch(flow -> flow.connection.isAlive())).isTrue();
    }
    for (int turn = 0; turn < 10; turn++) {
      conntrack.age(now + 1000);
    }
    model.forgetEnded(now + 1000);
    assertThat(conntrack.evictions()).isPositive();
    for (Flow flow : model.all) {
      assertThat(conntrack.lookup(flow.connection.original())).isSameAs(flow.connection);
      assertThat(conntrack.lookup(flow.connection.answer())).isSameAs(flow.connection);
    }
  }

  private void step(Conntrack conntrack, Model model, Random random, long now) {
    Tuple tuple =
        new Tuple(
            random.nextInt(HOSTS.length),
            random.nextInt(PORTS),
            random.nextInt(HOSTS.length),
            random.nextInt(PORTS));
    Flow known = model.live(tuple, now);
    int before = conntrack.size();
    long evictions = conntrack.evictions();
    Verdict verdict = pass(conntrack, tuple, now);
    if (known != null) {
      assertThat(packet.connection()).isSameAs(known.connection);
      assertThat(packet.isReply()).isEqualTo(!tuple.equals(known.original));
      Model.refresh(known, tuple, now);
      return;
    }
    model.forgetEnded(now);
    Flow oldest = model.oldestUnanswered();
    if (conntrack.evictions() > evictions) {
      assertThat(before).as("given up only where it was full").isEqualTo(CAPACITY);
      // One that has expired within the last second may have been the oldest instead.
      if (oldest != null && !oldest.connection.isAlive()) {
        model.forget(oldest);
      }
    }
    if (verdict != Verdict.ACCEPT) {
      assertThat(before).isEqualTo(CAPACITY);
      assertThat(oldest).as("unanswered while a new one was refused").isNull();
      return;
    }
    Flow flow = new Flow(Objects.requireNonNull(packet.connection()), tuple, now);
    Model.refresh(flow, tuple, now);
    model.all.add(flow);
    model.flows.put(tuple, flow);
    model.flows.put(tuple.inverse(), flow);
  }
}
