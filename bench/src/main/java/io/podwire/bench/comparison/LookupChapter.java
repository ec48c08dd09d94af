package io.podwire.bench.comparison;

import io.podwire.bench.measure.Target;
import io.podwire.bench.micro.MicroBenchmarks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How long a node takes to find the Service of a new connection, among few and among many. */
public final class LookupChapter implements Chapter {
  private static final int FEW = 10;
  private static final int MANY = 100_000;
  private static final int ALL_OVER = 4096;
  private static final double FLAT = 1.5;

  @Override
  public Topic topic() {
    return Topic.LOOKUP;
  }

  @Override
  public void measure(Session session) {
    measure(session, "lookup", "Service lookup, 10 asked for", FEW);
    measure(session, "lookup-spread", "Service lookup, 4096 asked for by lot", ALL_OVER);
  }

  private static void measure(Session session, String id, String what, int asked) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("of 10", FEW);
    sizes.put("of 100,000", MANY);
    Rounds<Double> rounds =
        Rounds.of(
            session,
            what,
            sizes,
            services -> MicroBenchmarks.serviceLookup(session.bench(), services, asked));
    if (!rounds.isEmpty()) {
      session
          .findings()
          .add(
              rounds
                  .row(id, what, "ns", nanos -> nanos)
                  .compared("of 100,000", "of 10", Optional.of(Target.atMost(FLAT))));
    }
  }
}
