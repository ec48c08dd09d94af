package io.podwire.dns.corefile;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Map;

/** Any text is either a Corefile or has problems to report; nothing is thrown. */
class CorefileFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void read(byte[] octets) {
    String text = new String(octets, java.nio.charset.StandardCharsets.UTF_8);
    Problems problems = new Problems();
    Corefile corefile = Corefile.read(text, "Corefile", null, Map.of("A", "b"), problems);
    if (problems.isEmpty() && corefile.blocks().isEmpty()) {
      throw new AssertionError("neither a block nor a problem");
    }
  }
}
