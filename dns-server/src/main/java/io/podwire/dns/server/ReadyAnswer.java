package io.podwire.dns.server;

import io.podwire.dns.handler.Reuse;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.PlainQuery;
import io.podwire.packet.dns.RecordType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The octets of one answer, to be given again to plain queries for the same name and type.
 *
 * <p>Immutable and thread-safe. An answer is made in place: behind the question, which keeps its id
 * and its case, come the records as the handlers' answer had them.
 */
final class ReadyAnswer {
  private static final int FLAGS = 2;
  private static final int COUNTS = 4;
  private static final int OPT_LENGTH = 11;
  // RD and CD: a response repeats them (RFC 1035, section 4.1.1; RFC 4035, section 3.2.2).
  private static final int REPEATED_FLAGS = 0x0110;
  private static final int RCODE = 0x000f;

  /** Octets of the objects around an answer and of what its condition holds on to, about. */
  private static final int OVERHEAD = 240;

  private final long hash;
  private final long[] name;
  private final int nameLength;
  private final int type;
  private final int flags;
  private final long counts;
  private final byte[] records;
  private final @Nullable AddressRun shuffled;
  private final Reuse.Condition condition;
  private final boolean capitalsAsked;
  private final boolean anyCase;
  private final Reuse.@Nullable Witness witness;

  private ReadyAnswer(
      PlainQuery query,
      ByteBuffer octets,
      @Nullable AddressRun shuffled,
      Reuse reuse,
      boolean capitalsAsked,
      boolean anyCase) {
    this.hash = query.hash();
    this.name = query.copyName();
    this.nameLength = query.nameLength();
    this.type = query.type();
    this.flags = octets.getShort(FLAGS) & 0xffff;
    this.counts = octets.getLong(COUNTS);
    this.records = records(octets, query);
    this.shuffled = shuffled;
    this.condition = reuse.condition();
    this.witness = reuse.witness();
    this.capitalsAsked = capitalsAsked;
    this.anyCase = anyCase;
  }

  /**
   * Makes an answer ready.
   *
   * @param answer to the query's question in lower case, without EDNS
   * @param inCapitals the answer to its question in capitals; null where that was not asked
   * @param reuse what was said of both
   * @return null where it cannot be given again octet for octet
   */
  static @Nullable ReadyAnswer of(
      PlainQuery query, DnsMessage answer, @Nullable DnsMessage inCapitals, Reuse reuse) {
    boolean shuffle = reuse.isShuffled() && AddressRun.count(answer) > 1;
    ByteBuffer octets = octets(answer, shuffle);
    AddressRun run = shuffle ? AddressRun.of(answer, octets, query.questionEnd()) : null;
    if (shuffle && run == null) {
      return null;
    }
    // What the answer takes over of the question's case, it takes by pointers into the question,
    // which stay right in any case: those that match in both extremes match in all between.
    boolean anyCase =
        inCapitals != null
            && Arrays.equals(records(octets, query), records(octets(inCapitals, shuffle), query));
    return new ReadyAnswer(query, octets, run, reuse, inCapitals != null, anyCase);
  }

  private static ByteBuffer octets(DnsMessage answer, boolean shuffle) {
    return DnsCodec.encode(shuffle ? AddressRun.sorted(answer) : answer, DnsCodec.MAX_MESSAGE);
  }

  private static byte[] records(ByteBuffer octets, PlainQuery query) {
    byte[] records = new byte[octets.remaining() - query.questionEnd()];
    octets.get(query.questionEnd(), records);
    return records;
  }

  boolean answers(PlainQuery query) {
    return hash == query.hash()
        && type == query.type()
        && nameLength == query.nameLength()
        && query.hasName(name);
  }

  /** Tells whoever wants to know that it was given. */
  void given(int asked, int answered) {
    if (witness != null) {
      witness.given(asked, answered);
    }
  }

  /** Whether it is still what the handlers would say. */
  boolean holds() {
    return condition.holds();
  }

  /** Whether there is nothing more to learn from a query such as this one. */
  boolean isCompleteFor(PlainQuery query) {
    return capitalsAsked || !query.hasCapitals();
  }

  long hash() {
    return hash;
  }

  /** Octets of memory held, about. */
  int weight() {
    return OVERHEAD + records.length + nameLength;
  }

  int rcode() {
    return flags & RCODE;
  }

  /**
   * Makes the response in the place of the query, which has room for the largest.
   *
   * @param octets the query's, from the offset on
   * @param largest octets of a response over UDP, whatever the client takes
   * @return the response's length; 0 where this query needs the handlers after all
   */
  int writeOver(ByteBuffer octets, int offset, PlainQuery query, int largest, AddressOrder order) {
    int size = query.questionEnd() + records.length + (query.hasEdns() ? OPT_LENGTH : 0);
    if (size > Math.min(query.responseSize(), largest) || query.hasCapitals() && !anyCase) {
      return 0;
    }
    octets.putShort(offset + FLAGS, (short) (flags | query.flags() & REPEATED_FLAGS));
    // The number of additional records is the last of the four.
    octets.putLong(offset + COUNTS, query.hasEdns() ? counts + 1 : counts);
    int at = offset + query.questionEnd();
    octets.put(at, records);
    if (shuffled != null) {
      order.shuffle(octets, at + shuffled.first(), shuffled);
    }
    if (query.hasEdns()) {
      opt(octets, at + records.length, largest, query.ednsFlags());
    }
    return size;
  }

  private static void opt(ByteBuffer octets, int at, int payloadSize, int ednsFlags) {
    octets.put(at, (byte) 0);
    octets.putShort(at + 1, (short) RecordType.OPT);
    octets.putShort(at + 3, (short) payloadSize);
    octets.putInt(at + 5, ednsFlags);
    octets.putShort(at + 9, (short) 0);
  }
}
