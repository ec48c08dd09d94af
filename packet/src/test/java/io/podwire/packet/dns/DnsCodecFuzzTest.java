package io.podwire.packet.dns;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podwire.packet.MutatedCorpus;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Any octets are a message or malformed; a message survives being written and read again. */
class DnsCodecFuzzTest {

  private static final int CHANGED = 20_000;

  private final PlainQuery plain = new PlainQuery(42);

  @FuzzTest(maxDuration = "1m")
  void decode(byte[] octets) {
    ByteBuffer buffer = ByteBuffer.wrap(octets);
    boolean isPlain = plain.read(buffer, 0, octets.length);
    Decoded decoded = DnsCodec.decode(buffer);
    if (!(decoded instanceof Decoded.Valid valid)) {
      if (isPlain) {
        throw new AssertionError("a plain query that is malformed");
      }
      return;
    }
    DnsMessage message = valid.message();
    if (isPlain && !message.questions().get(0).name().equals(plain.lowerQuestion().name())) {
      throw new AssertionError("two readers, two names");
    }
    ByteBuffer again = DnsCodec.encode(message, DnsCodec.MAX_MESSAGE);
    if (again.remaining() >= DnsCodec.MAX_MESSAGE) {
      return;
    }
    Decoded.Valid same = (Decoded.Valid) DnsCodec.decode(again);
    if (!same.message().header().isTruncated() && !same.message().equals(message)) {
      throw new AssertionError(message + " became " + same.message());
    }
  }

  @Test
  void shouldHoldForChangedInputs() {
    MutatedCorpus.run(DnsCodecFuzzTest.class, "decode", CHANGED, this::decode);
  }
}
