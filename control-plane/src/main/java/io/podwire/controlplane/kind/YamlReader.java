package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** YAML 1.1 documents as JSON, as kubectl reads them. */
final class YamlReader {

  private static final int MAX_ALIASES = 50;
  private static final int MAX_NODES = 500_000;

  private int nodes;

  private YamlReader() {}

  static List<JsonNode> read(String text) {
    List<JsonNode> documents = new ArrayList<>();
    YamlReader reader = new YamlReader();
    try {
      for (Object document : yaml().loadAll(text)) {
        documents.add(reader.json(document, 0));
      }
    } catch (MarkedYAMLException e) {
      String place =
          e.getProblemMark() == null
              ? ""
              : "line "
                  + (e.getProblemMark().getLine() + 1)
                  + ", column "
                  + (e.getProblemMark().getColumn() + 1)
                  + ": ";
      throw new MalformedManifestException(
          "document " + (documents.size() + 1) + " is not YAML: " + place + e.getProblem());
    } catch (YAMLException | StackOverflowError e) {
      throw new MalformedManifestException(
          "document " + (documents.size() + 1) + " is not acceptable YAML: " + e.getMessage());
    } catch (RuntimeException e) {
      // What the library throws then depends on the tag: of no class, and in no words for people.
      throw new MalformedManifestException(
          "document "
              + (documents.size() + 1)
              + " is not acceptable YAML: a value does not fit the tag before it");
    }
    return documents;
  }

  private static Yaml yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setAllowRecursiveKeys(false);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(ManifestJson.MAX_DEPTH);
    options.setCodePointLimit(Integer.MAX_VALUE);
    DumperOptions unused = new DumperOptions();
    return new Yaml(
        new SafeConstructor(options), new Representer(unused), unused, options, new NoTimestamps());
  }

  private JsonNode json(Object value, int depth) {
    if (++nodes > MAX_NODES || depth > ManifestJson.MAX_DEPTH) {
      throw new YAMLException("it is too deep or, with its aliases expanded, too large");
    }
    JsonNodeFactory factory = JsonNodeFactory.instance;
    return switch (value) {
      case null -> factory.nullNode();
      case Map<?, ?> map -> {
        ObjectNode object = factory.objectNode();
        map.forEach((key, member) -> object.set(String.valueOf(key), json(member, depth + 1)));
        yield object;
      }
      case Collection<?> list -> {
        ArrayNode array = factory.arrayNode();
        list.forEach(item -> array.add(json(item, depth + 1)));
        yield array;
      }
      case Boolean truth -> factory.booleanNode(truth);
      case Integer number -> factory.numberNode(number);
      case Long number -> factory.numberNode(number);
      case BigInteger number -> factory.numberNode(number);
      case Double number -> factory.numberNode(number);
      case byte[] binary -> factory.binaryNode(binary);
      default -> factory.textNode(value.toString());
    };
  }

  /** Kubernetes keeps what looks like a date as text. */
  private static final class NoTimestamps extends Resolver {
    @Override
    public void addImplicitResolver(Tag tag, Pattern regexp, String first, int limit) {
      if (!tag.equals(Tag.TIMESTAMP)) {
        super.addImplicitResolver(tag, regexp, first, limit);
      }
    }
  }
}
