package io.podwire.client.manifest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Splits one file's text at its document markers and checks each document's syntax.
 *
 * <p>A document with an error does not hide the errors of the next. Not thread-safe.
 */
final class DocumentSplitter {
  // YAML 1.2, 9.1.2: a marker stands at the first column, in block scalars too.
  private static final Pattern MARKER = Pattern.compile("(---|\\.\\.\\.)(\\s.*)?");
  private static final YAMLMapper YAML = new YAMLMapper();

  private final String source;
  private final List<ManifestDocument> documents = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  DocumentSplitter(String source) {
    this.source = source;
  }

  List<ManifestDocument> documents() {
    return documents;
  }

  List<String> problems() {
    return problems;
  }

  void add(String text) {
    StringBuilder document = new StringBuilder();
    int line = 0;
    int firstLine = 1;
    for (String content : text.lines().toList()) {
      line++;
      if (MARKER.matcher(content).matches()) {
        end(document, firstLine);
        document.setLength(0);
        firstLine = line;
        // What follows the marker on its line belongs to the document; blanks keep the columns.
        document.append("   ").append(content, 3, content.length()).append('\n');
      } else {
        document.append(content).append('\n');
      }
    }
    end(document, firstLine);
  }

  private void end(StringBuilder document, int firstLine) {
    String text = document.toString();
    int skipped = 0;
    for (String line : text.lines().toList()) {
      if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
        break;
      }
      skipped++;
    }
    try {
      JsonNode content = YAML.readTree(text);
      if (content.isMissingNode() || content.isNull()) {
        return;
      }
      if (!content.isObject()) {
        problems.add(
            place(firstLine + skipped) + "this document is no mapping of fields to values");
        return;
      }
      documents.add(new ManifestDocument(source, firstLine + skipped, text));
    } catch (JsonProcessingException malformed) {
      problems.add(syntax(malformed, firstLine));
    }
  }

  private String syntax(JsonProcessingException malformed, int firstLine) {
    // The parser's own exception knows where the problem is; Jackson's only where it began.
    if (malformed.getCause() instanceof MarkedYAMLException marked
        && marked.getProblemMark() != null) {
      Mark mark = marked.getProblemMark();
      return place(firstLine + mark.getLine())
          + "YAML syntax: "
          + (marked.getContext() == null ? "" : marked.getContext() + ": ")
          + marked.getProblem();
    }
    JsonLocation location = malformed.getLocation();
    int line = location == null ? 1 : Math.max(1, location.getLineNr());
    String reason = malformed.getOriginalMessage().lines().findFirst().orElse("unreadable");
    return place(firstLine + line - 1) + "YAML syntax: " + reason.strip();
  }

  private String place(int line) {
    return source + ":" + line + ": ";
  }
}
