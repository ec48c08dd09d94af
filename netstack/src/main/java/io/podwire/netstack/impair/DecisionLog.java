package io.podwire.netstack.impair;

import io.podwire.netstack.impair.model.Draws;
import io.podwire.netstack.impair.model.LossCause;
import java.util.ArrayList;
import java.util.List;

/**
 * The last decisions of a fault, and a number that stands for all of them: two runs with the same
 * seed and the same packets have the same one.
 *
 * <p>It holds what was decided, not what time made of it: a rate's waiting, a full queue and a slot
 * depend on when packets came. Not thread-safe; confined to the node's event loop.
 */
public final class DecisionLog {

  static final int CAPACITY = 1024;

  private static final int MARKED = 1 << 8;
  private static final int DUPLICATED = 1 << 9;
  private static final int CORRUPTED = 1 << 10;
  private static final int REORDERED = 1 << 11;
  private static final int CAUSE = 0xff;
  private static final LossCause[] CAUSES = LossCause.values();

  private final long[] indices = new long[CAPACITY];
  private final int[] flags = new int[CAPACITY];
  private final long[] delays = new long[CAPACITY];
  private long count;
  private long hash;

  static int flags(boolean duplicated, boolean corrupted, boolean reordered) {
    return (duplicated ? DUPLICATED : 0)
        | (corrupted ? CORRUPTED : 0)
        | (reordered ? REORDERED : 0);
  }

  static int lost(LossCause cause) {
    return cause.ordinal() + 1;
  }

  static int marked() {
    return MARKED;
  }

  void add(long index, int flag, long delayNanos) {
    int at = (int) (count++ % CAPACITY);
    indices[at] = index;
    flags[at] = flag;
    delays[at] = delayNanos;
    hash = Draws.mix(hash ^ Draws.mix(index * 0x1_0001L + flag) ^ Long.rotateLeft(delayNanos, 24));
  }

  /** How many decisions there were. */
  public long count() {
    return count;
  }

  /** A hash over all decisions in their order. */
  public long hash() {
    return hash;
  }

  /** The last ones, the oldest first; 1024 at most. */
  public List<Decision> last() {
    return last(CAPACITY);
  }

  /** So many of the last ones, the oldest first; 1024 at most. */
  public List<Decision> last(int most) {
    List<Decision> last = new ArrayList<>();
    for (long i = Math.max(0, count - Math.min(most, CAPACITY)); i < count; i++) {
      int at = (int) (i % CAPACITY);
      int flag = flags[at];
      int cause = flag & CAUSE;
      last.add(
          new Decision(
              indices[at],
              cause == 0 ? null : CAUSES[cause - 1],
              (flag & MARKED) != 0,
              (flag & DUPLICATED) != 0,
              (flag & CORRUPTED) != 0,
              (flag & REORDERED) != 0,
              delays[at]));
    }
    return List.copyOf(last);
  }
}
