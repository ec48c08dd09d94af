package io.podwire.controlplane.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestParserTest {

  @Test
  void shouldNumberDocumentsAndLeaveOutEmptyOnes() {
    List<ManifestDocument> documents = parse("# head\n---\na: 1\n---\n---\nb: 2\n...\n");

    assertThat(documents).extracting(ManifestDocument::number).containsExactly(1, 3);
    assertThat(documents.getLast().manifest().toString()).isEqualTo("{\"b\":2}");
  }

  @Test
  void shouldUnfoldLists() {
    assertThat(parse("{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{\"a\":1},{\"b\":2}]}"))
        .extracting(document -> document.manifest().toString())
        .containsExactly("{\"a\":1}", "{\"b\":2}");
  }

  @Test
  void shouldTakeSeveralJsonObjects() {
    assertThat(parse("{\"a\":1}\n{\"b\":2}\n")).hasSize(2);
  }

  @Test
  void shouldReadYamlAsKubectlDoes() {
    assertThat(
            parse(
                    """
                    yes: on
                    date: 2026-01-01
                    octal: 0777
                    text: "80"
                    big: 3000000000
                    half: 0.5
                    none: ~
                    base: &b {x: 1}
                    copy: {<<: *b, y: 2}
                    """)
                .getFirst()
                .manifest()
                .toString())
        .isEqualTo(
            """
            {"true":true,"date":"2026-01-01","octal":511,"text":"80","big":3000000000,\
            "half":0.5,"none":null,"base":{"x":1},"copy":{"x":1,"y":2}}\
            """);
  }

  @Test
  void shouldSayWhereTextIsNoManifest() {
    assertMalformed("a: 1\n---\na: [\n", "document 2 is not YAML: line 4, column 1");
    assertMalformed(
        "a: 1\na: 2\n", "document 1 is not YAML: line 2, column 1: found duplicate key a");
    assertMalformed("{\"a\":1} {\"a\":2,\"a\":3}", "document 2 is not JSON: line 1, column");
    assertMalformed("just text", "document 1 is no object; begin it with apiVersion: and kind:");
    assertMalformed("- a\n", "document 1 is no object");
    assertMalformed("a: &a [*a]\n", "document 1");
    assertMalformed("a: !!java.net.URL [x]\n", "document 1 is not YAML");
    assertMalformed(
        "a: 1\n---\na: !!binary a\n",
        "document 2 is not acceptable YAML: a value does not fit the tag before it");
    assertMalformed("!!map a\n", "document 1 is not acceptable YAML: a value does not fit");
    assertThatThrownBy(() -> ManifestParser.parse(new byte[] {(byte) 0xff, (byte) 0xfe}))
        .isInstanceOf(MalformedManifestException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void shouldNotGrowASmallBodyIntoALargeObject() {
    StringBuilder text = new StringBuilder("a0: &a0 {x: 1}\n");
    for (int i = 1; i < 30; i++) {
      text.append("a%d: &a%d {l: *a%d, r: *a%d}\n".formatted(i, i, i - 1, i - 1));
    }
    assertMalformed(text.toString(), "document 1");
  }

  private static List<ManifestDocument> parse(String text) {
    return ManifestParser.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertMalformed(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(MalformedManifestException.class)
        .hasMessageStartingWith(message);
  }
}
