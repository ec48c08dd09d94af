package io.podwire.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

class ManifestTextTest {
  private static final String TEXT =
      """
      {"metadata":{"name":"web","creationTimestamp":"2026-03-01T12:00:00Z","resourceVersion":"12"},
       "spec":{"ports":[{"port":80,"name":"http"}],"on":"yes"}}
      """;

  @Test
  void shouldQuoteWhatYamlWouldReadAsAnotherType() throws JsonProcessingException {
    assertThat(ManifestText.yaml(object()))
        .isEqualTo(
            """
            metadata:
              name: web
              creationTimestamp: "2026-03-01T12:00:00Z"
              resourceVersion: "12"
            spec:
              ports:
                - port: 80
                  name: http
              "on": "yes"
            """);
  }

  @Test
  void shouldIndentJson() throws JsonProcessingException {
    assertThat(ManifestText.json(object()))
        .startsWith("{\n  \"metadata\" : {\n    \"name\" : \"web\",")
        .endsWith("}\n");
  }

  private static JsonNode object() throws JsonProcessingException {
    return new JsonMapper().readTree(TEXT);
  }
}
