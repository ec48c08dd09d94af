package io.podwire.controlplane.kind;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a stream of manifests apart: YAML documents or JSON objects, Lists unfolded.
 *
 * <p>Limits depth, aliases and size after expansion, so that a small body cannot grow large.
 * Thread-safe.
 */
public final class ManifestParser {

  private ManifestParser() {}

  /**
   * The documents in order, empty ones left out.
   *
   * @throws MalformedManifestException with the document, line and column of the first error
   */
  public static List<ManifestDocument> parse(byte[] body) {
    String text = decode(body);
    List<ManifestDocument> documents = new ArrayList<>();
    int number = 0;
    for (JsonNode node : isJson(text) ? json(text) : YamlReader.read(text)) {
      number++;
      if (node.isNull()) {
        continue;
      }
      if (!(node instanceof ObjectNode manifest)) {
        throw new MalformedManifestException(
            "document " + number + " is no object; begin it with apiVersion: and kind:");
      }
      unfold(number, manifest, documents);
    }
    return documents;
  }

  private static void unfold(int number, ObjectNode manifest, List<ManifestDocument> documents) {
    if (!"List".equals(manifest.path("kind").textValue())
        || !"v1".equals(manifest.path("apiVersion").textValue())) {
      documents.add(new ManifestDocument(number, manifest));
      return;
    }
    for (JsonNode item : manifest.path("items")) {
      if (!(item instanceof ObjectNode object)) {
        throw new MalformedManifestException(
            "document " + number + ": an item of the List is no object");
      }
      documents.add(new ManifestDocument(number, object));
    }
  }

  private static String decode(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedManifestException("the body is not UTF-8 text; save the file as UTF-8");
    }
  }

  private static boolean isJson(String text) {
    String start = text.stripLeading();
    return start.startsWith("{") && !start.startsWith("{{");
  }

  private static List<JsonNode> json(String text) {
    List<JsonNode> documents = new ArrayList<>();
    try (JsonParser parser = ManifestJson.mapper().createParser(text);
        MappingIterator<JsonNode> nodes =
            ManifestJson.mapper().readerFor(JsonNode.class).readValues(parser)) {
      while (nodes.hasNextValue()) {
        documents.add(nodes.nextValue());
      }
    } catch (JsonProcessingException e) {
      JsonLocation place = e.getLocation();
      throw new MalformedManifestException(
          "document "
              + (documents.size() + 1)
              + " is not JSON"
              + (place == null
                  ? ""
                  : ": line " + place.getLineNr() + ", column " + place.getColumnNr())
              + ": "
              + e.getOriginalMessage());
    } catch (IOException e) {
      throw new MalformedManifestException("the body cannot be read: " + e.getMessage());
    }
    return documents;
  }
}
