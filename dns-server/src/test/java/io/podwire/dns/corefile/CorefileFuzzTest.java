package io.podwire.dns.corefile;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podwire.packet.MutatedCorpus;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Any text is either a Corefile or has problems to report; nothing is thrown. */
class CorefileFuzzTest {

  private static final int CHANGED = 5000;

  @FuzzTest(maxDuration = "1m")
  void read(byte[] octets) {
    String text = new String(octets, StandardCharsets.UTF_8);
    Problems problems = new Problems();
    Corefile corefile = Corefile.read(text, "Corefile", null, Map.of("A", "b"), problems);
    if (problems.isEmpty() && corefile.blocks().isEmpty()) {
      throw new AssertionError("neither a block nor a problem");
    }
  }

  @Test
  void shouldHoldForChangedInputs() {
    MutatedCorpus.run(CorefileFuzzTest.class, "read", CHANGED, this::read);
  }
}
