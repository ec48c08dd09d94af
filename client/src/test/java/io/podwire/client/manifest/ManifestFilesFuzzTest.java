package io.podwire.client.manifest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podwire.client.failure.ClientFailure;
import io.podwire.packet.MutatedCorpus;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Any octets on standard input are manifests or a failure that names a line; what is sent to the
 * control plane has as many documents as were read.
 */
class ManifestFilesFuzzTest {

  private static final int CHANGED = 5000;

  @FuzzTest(maxDuration = "1m")
  void read(byte[] octets) {
    ManifestStream stream;
    try {
      stream = ManifestFiles.read(List.of("-"), new ByteArrayInputStream(octets));
    } catch (ClientFailure told) {
      if (told.getMessage() == null || told.getMessage().isBlank()) {
        throw new AssertionError("a failure that says nothing", told);
      }
      return;
    }
    byte[] body = stream.body();
    ManifestStream again = ManifestFiles.read(List.of("-"), new ByteArrayInputStream(body));
    if (again.size() != stream.size() || again.size() == 0) {
      throw new AssertionError(stream.size() + " documents became " + again.size());
    }
  }

  @Test
  void shouldHoldForChangedInputs() {
    MutatedCorpus.run(ManifestFilesFuzzTest.class, "read", CHANGED, this::read);
  }
}
