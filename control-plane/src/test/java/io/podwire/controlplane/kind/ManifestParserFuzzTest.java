package io.podwire.controlplane.kind;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.packet.MutatedCorpus;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Any body is manifests, or malformed; a manifest can be stored as JSON and read again. */
class ManifestParserFuzzTest {

  private static final int CHANGED = 5000;

  @FuzzTest(maxDuration = "1m")
  void parse(byte[] octets) throws JsonProcessingException {
    List<ManifestDocument> documents;
    try {
      documents = ManifestParser.parse(octets);
    } catch (MalformedManifestException told) {
      if (told.getMessage() == null || told.getMessage().isBlank()) {
        throw new AssertionError("a failure that says nothing", told);
      }
      return;
    }
    for (ManifestDocument document : documents) {
      String json = ManifestJson.mapper().writeValueAsString(document.manifest());
      JsonNode again = ManifestJson.mapper().readTree(json);
      if (!again.toString().equals(json)) {
        throw new AssertionError(json + " became " + again);
      }
    }
  }

  @Test
  void shouldHoldForChangedInputs() {
    MutatedCorpus.run(
        ManifestParserFuzzTest.class,
        "parse",
        CHANGED,
        octets -> {
          try {
            parse(octets);
          } catch (JsonProcessingException unreadable) {
            throw new AssertionError(unreadable);
          }
        });
  }
}
