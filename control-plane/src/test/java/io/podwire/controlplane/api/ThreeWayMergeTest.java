package io.podwire.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.MergeKeys;
import io.podwire.controlplane.kind.MergeKeys.Key;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ThreeWayMergeTest {

  private static final ThreeWayMerge PLAIN = new ThreeWayMerge(MergeKeys.NONE);
  private static final ThreeWayMerge PORTS =
      new ThreeWayMerge(
          new MergeKeys(Map.of("ports", List.of(Key.of("port"), new Key("protocol", "TCP")))));

  @Test
  void shouldContainTheWholeManifest() {
    qt().forAll(integers().all(), integers().all(), integers().all())
        .check((a, b, c) -> {
          ObjectNode manifest = tree(b);
          return contains(PLAIN.merge(tree(a), manifest, tree(c)), manifest);
        });
  }

  @Test
  void shouldChangeNothingTheSecondTime() {
    qt().forAll(integers().all(), integers().all(), integers().all())
        .check((a, b, c) -> {
          ObjectNode manifest = tree(b);
          ObjectNode once = PLAIN.merge(tree(a), manifest, tree(c));
          return PLAIN.merge(manifest, manifest, once).equals(once);
        });
  }

  @Test
  void shouldDropWhatTheManifestDroppedAndKeepWhatOthersAdded() {
    qt().forAll(integers().all(), integers().all(), integers().all())
        .check((a, b, c) -> {
          ObjectNode last = tree(a);
          ObjectNode manifest = tree(b);
          ObjectNode current = tree(c);
          ObjectNode merged = PLAIN.merge(last, manifest, current);
          for (String name : List.of("a", "b", "c", "d")) {
            boolean expected = manifest.has(name) || current.has(name) && !last.has(name);
            if (merged.has(name) != expected) {
              return false;
            }
          }
          return true;
        });
  }

  @Test
  void shouldMergeElementsByTheirKeys() {
    ObjectNode last = json("{'ports':[{'port':53},{'port':80,'name':'web'}]}");
    ObjectNode manifest = json("{'ports':[{'port':53,'name':'dns'},{'port':53,'protocol':'UDP'}]}");
    ObjectNode current =
        json(
            "{'ports':[{'port':80,'name':'web','nodePort':30001},"
                + "{'port':53,'protocol':'TCP','nodePort':30000},{'port':9}]}");

    assertThat(PORTS.merge(last, manifest, current))
        .isEqualTo(
            json(
                "{'ports':[{'port':53,'protocol':'TCP','nodePort':30000,'name':'dns'},"
                    + "{'port':53,'protocol':'UDP'},{'port':9}]}"));
  }

  @Test
  void shouldReplaceAListWhoseElementsHaveNoIdentity() {
    ObjectNode manifest = json("{'ports':[{'name':'x'}]}");

    assertThat(PORTS.merge(json("{}"), manifest, json("{'ports':[{'port':80}]}")))
        .isEqualTo(manifest);
  }

  @Test
  void shouldRemoveWhatIsExplicitlyNull() {
    assertThat(PLAIN.merge(json("{}"), json("{'a':{'b':null}}"), json("{'a':{'b':1,'c':2}}")))
        .isEqualTo(json("{'a':{'c':2}}"));
  }

  @Test
  void shouldFollowTheExamplesOfRfc7396() {
    assertThat(MergePatch.apply(json("{'a':{'b':'c'}}"), json("{'a':{'b':'d','c':null}}")))
        .isEqualTo(json("{'a':{'b':'d'}}"));
    assertThat(MergePatch.apply(json("{'a':[{'b':'c'}]}"), json("{'a':[1]}")))
        .isEqualTo(json("{'a':[1]}"));
    assertThat(MergePatch.apply(json("{}"), json("{'a':{'bb':{'ccc':null}}}")))
        .isEqualTo(json("{'a':{'bb':{}}}"));
    assertThat(MergePatch.apply(json("{'e':null}"), json("{'a':1}")))
        .isEqualTo(json("{'e':null,'a':1}"));
  }

  private static boolean contains(JsonNode whole, JsonNode part) {
    if (!(part instanceof ObjectNode)) {
      return whole.equals(part);
    }
    return part.properties().stream()
        .allMatch(field ->
            whole.has(field.getKey()) && contains(whole.get(field.getKey()), field.getValue()));
  }

  /** A small random tree; equal seeds give equal trees. */
  private static ObjectNode tree(int seed) {
    return tree(new Random(seed), 3);
  }

  private static ObjectNode tree(Random random, int depth) {
    ObjectNode object = ManifestJson.object();
    for (String name : List.of("a", "b", "c", "d")) {
      switch (random.nextInt(depth == 0 ? 3 : 5)) {
        case 0 -> {}
        case 1 -> object.put(name, random.nextInt(3));
        case 2 -> {
          ArrayNode list = object.putArray(name);
          list.add(random.nextInt(2)).add(random.nextInt(2));
        }
        default -> object.set(name, tree(random, depth - 1));
      }
    }
    return object;
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) ManifestJson.mapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
