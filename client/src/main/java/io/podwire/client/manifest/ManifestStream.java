package io.podwire.client.manifest;

import io.podwire.client.api.ApiStatus;
import io.podwire.client.failure.ClientFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All documents of the files named on a command line, in order, as one body for the control plane.
 *
 * <p>Immutable. What the server says of "document 3" is told of the file and line that it came
 * from.
 */
public final class ManifestStream {
  /** The body's media type. */
  public static final String MEDIA_TYPE = "application/yaml";

  private static final Pattern DOCUMENT = Pattern.compile("^document (\\d+)(?:, |: | (?=is ))");

  private final List<ManifestDocument> documents;

  ManifestStream(List<ManifestDocument> documents) {
    this.documents = List.copyOf(documents);
  }

  /** The number of documents. */
  public int size() {
    return documents.size();
  }

  /** These documents, and after them the other ones. */
  public ManifestStream and(ManifestStream others) {
    List<ManifestDocument> all = new ArrayList<>(documents);
    all.addAll(others.documents);
    return new ManifestStream(all);
  }

  /** Those documents that have one of these numbers, from 1. */
  public ManifestStream only(Set<Integer> numbers) {
    List<ManifestDocument> chosen = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      if (numbers.contains(i + 1)) {
        chosen.add(documents.get(i));
      }
    }
    return new ManifestStream(chosen);
  }

  /** The documents as a YAML stream in UTF-8. */
  public byte[] body() {
    String separator = "\n---\n";
    return documents.stream()
        .map(ManifestDocument::text)
        .collect(Collectors.joining(separator))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Puts file and line in the place of a leading document number. */
  public String located(String message) {
    Matcher matcher = DOCUMENT.matcher(message);
    if (!matcher.find()) {
      return message;
    }
    int index = Integer.parseInt(matcher.group(1)) - 1;
    if (index < 0 || index >= documents.size()) {
      return message;
    }
    ManifestDocument document = documents.get(index);
    return document.source() + ":" + document.line() + ": " + message.substring(matcher.end());
  }

  /** The refusal as one failure: a line per problem, each with its file and line. */
  public ClientFailure refused(ApiStatus status) {
    List<String> lines = new ArrayList<>();
    if (status.causes().size() != 1) {
      lines.add(located(status.message()));
    }
    for (ApiStatus.Cause cause : status.causes()) {
      lines.add((lines.isEmpty() ? "" : "  ") + located(cause.message()));
    }
    return new ClientFailure(String.join("\n", lines));
  }
}
