package io.podwire.dns.corefile;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Corefile's server blocks, snippets and imports already put in their places.
 *
 * @param sources every file that was read besides the first one
 */
public record Corefile(List<ServerBlock> blocks, List<Path> sources) {

  /** More imports within each other than this are a circle or as good as one. */
  private static final int MAX_DEPTH = 16;

  /** Words that imports may make of a file; a few nested ones could make billions. */
  private static final int MAX_TOKENS = 200_000;

  public Corefile {
    blocks = List.copyOf(blocks);
    sources = List.copyOf(sources);
  }

  /**
   * Reads a text.
   *
   * @param name of the file, for messages
   * @param folder that names in {@code import} are relative to; null where no file may be imported
   * @param problems gets everything that is wrong; the result is of use only if nothing is
   */
  public static Corefile read(
      String text,
      String name,
      @Nullable Path folder,
      Map<String, String> environment,
      Problems problems) {
    Reader reader = new Reader(folder, environment, problems);
    List<Token> tokens = reader.expanded(Tokens.of(text, name, environment, problems), 0);
    List<ServerBlock> blocks = new BlockReader(tokens, problems).blocks();
    if (blocks.isEmpty() && problems.isEmpty()) {
      problems.add(name, "there is no server block; write one such as .:53 { whoami }");
    }
    return new Corefile(blocks, reader.sources);
  }

  /** Takes snippets out and puts what is imported in. */
  private static final class Reader {
    private final @Nullable Path folder;
    private final Map<String, String> environment;
    private final Problems problems;
    private final Map<String, List<Token>> snippets = new HashMap<>();
    private final List<Path> sources = new ArrayList<>();
    private int made;

    Reader(@Nullable Path folder, Map<String, String> environment, Problems problems) {
      this.folder = folder;
      this.environment = environment;
      this.problems = problems;
    }

    List<Token> expanded(List<Token> tokens, int depth) {
      List<Token> result = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        Token token = tokens.get(i);
        boolean begins = i == 0 || token.begins() || tokens.get(i - 1).isOpening();
        if (begins && isSnippet(tokens, i)) {
          i = snippet(tokens, i);
        } else if (begins && !token.quoted() && token.text().equals("import")) {
          int end = i + 1;
          while (end < tokens.size() && !tokens.get(end).begins() && !tokens.get(end).isClosing()) {
            end++;
          }
          result.addAll(imported(token, tokens.subList(i + 1, end), depth));
          i = end - 1;
        } else {
          result.add(token);
        }
      }
      return result;
    }

    private static boolean isSnippet(List<Token> tokens, int at) {
      String text = tokens.get(at).text();
      return !tokens.get(at).quoted()
          && text.length() > 2
          && text.startsWith("(")
          && text.endsWith(")")
          && at + 1 < tokens.size()
          && tokens.get(at + 1).isOpening();
    }

    /** The place of the snippet's closing brace. */
    private int snippet(List<Token> tokens, int at) {
      Token head = tokens.get(at);
      int depth = 1;
      int end = at + 2;
      while (end < tokens.size() && depth > 0) {
        depth += tokens.get(end).isOpening() ? 1 : tokens.get(end).isClosing() ? -1 : 0;
        end++;
      }
      if (depth > 0) {
        problems.add(head, "the brace of " + head.text() + " never closes");
        return tokens.size();
      }
      String name = head.text().substring(1, head.text().length() - 1);
      if (snippets.put(name, List.copyOf(tokens.subList(at + 2, end - 1))) != null) {
        problems.add(head, "there is a snippet " + head.text() + " already");
      }
      return end - 1;
    }

    private List<Token> imported(Token at, List<Token> arguments, int depth) {
      if (arguments.size() != 1) {
        problems.add(at, "import takes the name of one snippet or file");
        return List.of();
      }
      String name = arguments.get(0).text();
      if (depth == MAX_DEPTH) {
        problems.add(at, "'" + name + "' is imported within itself");
        return List.of();
      }
      List<Token> snippet = snippets.get(name);
      List<Token> content = snippet != null ? snippet : files(at, name);
      made += content.size();
      if (made > MAX_TOKENS) {
        problems.add(at, "imports make more than " + MAX_TOKENS + " words");
        return List.of();
      }
      List<Token> expanded = new ArrayList<>(expanded(content, depth + 1));
      if (!expanded.isEmpty()) {
        expanded.set(0, expanded.get(0).beginning());
      }
      return expanded;
    }

    private List<Token> files(Token at, String name) {
      if (folder == null) {
        problems.add(at, "there is no snippet (" + name + ") above, and no file can be imported");
        return List.of();
      }
      List<Token> tokens = new ArrayList<>();
      try {
        for (Path file : matching(folder.resolve(name))) {
          String content = Files.readString(file);
          sources.add(file);
          tokens.addAll(Tokens.of(content, file.toString(), environment, problems));
        }
        return tokens;
      } catch (IOException | IllegalArgumentException e) {
        problems.add(
            at, "'" + name + "' is neither a snippet above nor a readable file (" + e + ")");
        return List.of();
      }
    }

    private static List<Path> matching(Path pattern) throws IOException {
      String last = String.valueOf(pattern.getFileName());
      Path parent = pattern.getParent();
      if (parent == null || last.indexOf('*') < 0 && last.indexOf('?') < 0) {
        return List.of(pattern);
      }
      List<Path> files = new ArrayList<>();
      try (DirectoryStream<Path> found = Files.newDirectoryStream(parent, last)) {
        found.forEach(files::add);
      }
      files.sort(null);
      return files;
    }
  }
}
