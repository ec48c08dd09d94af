package io.podwire.netstack.impair;

import io.podwire.netstack.impair.model.Blackhole;
import io.podwire.netstack.impair.model.Delay;
import io.podwire.netstack.impair.model.EcnMarking;
import io.podwire.netstack.impair.model.Flap;
import io.podwire.netstack.impair.model.Hold;
import io.podwire.netstack.impair.model.Impairment;
import io.podwire.netstack.impair.model.Loss;
import io.podwire.netstack.impair.model.QueueLimit;
import io.podwire.netstack.impair.model.Rate;
import io.podwire.netstack.impair.model.Reordering;
import io.podwire.netstack.impair.model.Slot;
import io.podwire.netstack.impair.model.TokenBucket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The impairments of one fault, at most one of each kind; the order in which they are given does
 * not matter, {@link LinkFault} has its own.
 *
 * <p>Immutable and thread-safe.
 */
public record Pipeline(List<Impairment> impairments) {

  /**
   * Takes the impairments.
   *
   * @throws IllegalArgumentException that names all that is wrong with them together
   */
  public Pipeline {
    impairments = List.copyOf(impairments);
    List<String> problems = problems(impairments);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  public static Pipeline of(Impairment... impairments) {
    return new Pipeline(List.of(impairments));
  }

  private static List<String> problems(List<Impairment> all) {
    List<String> problems = new ArrayList<>();
    if (all.isEmpty()) {
      problems.add("a fault needs at least one impairment");
    }
    for (Impairment impairment : all) {
      Class<?> kind = kind(impairment);
      long same = all.stream().filter(kind::isInstance).count();
      String problem = "a fault takes one " + kind.getSimpleName() + ", got " + same;
      if (same > 1 && !problems.contains(problem)) {
        problems.add(problem);
      }
    }
    Delay delay = first(all, Delay.class);
    if (first(all, Reordering.class) != null && (delay == null || delay.latencyNanos() == 0)) {
      problems.add("reorder needs a delay for the packets that it overtakes");
    }
    if (all.size() > 1 && (first(all, Blackhole.class) != null || first(all, Hold.class) != null)) {
      problems.add("a partition or a hold lets nothing pass that another impairment could act on");
    }
    if (first(all, EcnMarking.class) != null && first(all, Loss.class) == null) {
      problems.add("ecn needs a loss whose packets it marks");
    }
    boolean acts =
        all.isEmpty()
            || all.stream()
                .anyMatch(one -> !(one instanceof QueueLimit || one instanceof EcnMarking));
    if (!acts) {
      problems.add("a limit alone does nothing: it needs a delay, a rate or a slot");
    }
    return problems;
  }

  private static Class<?> kind(Impairment impairment) {
    return impairment instanceof Loss ? Loss.class : impairment.getClass();
  }

  private static <T extends Impairment> @Nullable T first(List<Impairment> all, Class<T> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElse(null);
  }

  /** The impairment of a kind, or null. */
  public <T extends Impairment> @Nullable T get(Class<T> kind) {
    return first(impairments, kind);
  }

  /** The packets that the fault may hold. */
  public int limit() {
    QueueLimit limit = get(QueueLimit.class);
    return (limit == null ? QueueLimit.DEFAULT : limit).packets();
  }

  /** Whether the link is cut, so that neighbour discovery is too. */
  boolean cutsLink() {
    return get(Blackhole.class) != null || get(Flap.class) != null || get(Hold.class) != null;
  }

  /** Whether packets may leave later than they came; a hold apart. */
  public boolean delays() {
    return get(Delay.class) != null
        || get(Rate.class) != null
        || get(Slot.class) != null
        || get(TokenBucket.class) != null;
  }
}
