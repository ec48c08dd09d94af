package io.podwire.dns.handler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the handlers say about giving an answer again, to whoever asks the same name and type.
 *
 * <p>Nothing is given again unless the handler that answers permits it, and then only while
 * everything holds that a handler on the way there named. Not thread-safe; belongs to one query.
 */
public final class Reuse {

  /** Something that an answer rests on; asked for each query, so it must be quick. */
  @FunctionalInterface
  public interface Condition {
    /** Whether it is still as it was; once false, false for ever. Called on any thread. */
    boolean holds();
  }

  /** Somebody who is told of each answer that was given without the handlers. */
  @FunctionalInterface
  public interface Witness {
    /**
     * Called on an event loop, for each answer, so it must be quick.
     *
     * @param asked octets of the query
     * @param answered octets of the response
     */
    void given(int asked, int answered);
  }

  private final List<Condition> conditions = new ArrayList<>(1);
  private @Nullable Witness witness;
  private boolean permitted;
  private boolean shuffled;

  /** Said by the handler that answers: the answer rests on the name and the type alone. */
  public void permit() {
    permitted = true;
  }

  /** Said by any handler whose part in the answer rests on what can change. */
  public void onlyWhile(Condition condition) {
    conditions.add(condition);
  }

  /** Said by a handler that wants the addresses in a new random order each time. */
  public void shuffle() {
    shuffled = true;
  }

  /** Said by a handler that wants to know of it, in place of an earlier one. */
  public void tell(Witness other) {
    witness = other;
  }

  public @Nullable Witness witness() {
    return witness;
  }

  public boolean isPermitted() {
    return permitted;
  }

  /** Whether the addresses are to come in a new random order each time. */
  public boolean isShuffled() {
    return shuffled;
  }

  /** All conditions as one. */
  public Condition condition() {
    if (conditions.isEmpty()) {
      return () -> true;
    }
    if (conditions.size() == 1) {
      return conditions.get(0);
    }
    // Asked for each query: no stream, no iterator.
    Condition[] all = conditions.toArray(new Condition[0]);
    return () -> {
      for (Condition each : all) {
        if (!each.holds()) {
          return false;
        }
      }
      return true;
    };
  }
}
