package io.podwire.dns.corefile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts words together to server blocks; good for a single use. */
final class BlockReader {
  private final List<Token> tokens;
  private final Problems problems;
  private int at;

  BlockReader(List<Token> tokens, Problems problems) {
    this.tokens = tokens;
    this.problems = problems;
  }

  List<ServerBlock> blocks() {
    List<ServerBlock> blocks = new ArrayList<>();
    while (at < tokens.size()) {
      ServerBlock block = block();
      if (block != null) {
        blocks.add(block);
      }
    }
    refuseConflicts(blocks);
    return blocks;
  }

  private @Nullable ServerBlock block() {
    Token first = tokens.get(at);
    if (first.isOpening() || first.isClosing()) {
      problems.add(first, "a '" + first.text() + "' that belongs to no server block");
      at++;
      return null;
    }
    List<ZoneKey> keys = keys();
    boolean braces = at < tokens.size() && tokens.get(at).isOpening();
    if (braces) {
      at++;
    }
    List<Directive> directives = new ArrayList<>();
    while (at < tokens.size() && !tokens.get(at).isClosing()) {
      Directive directive = directive();
      if (directive != null) {
        directives.add(directive);
      }
    }
    if (braces && at == tokens.size()) {
      problems.add(first, "the brace of this server block never closes");
    } else if (!braces && at < tokens.size()) {
      problems.add(tokens.get(at), "a '}' that belongs to no server block");
    }
    at++;
    return new ServerBlock(first, keys, directives);
  }

  /** A comma at the end of a line lets the keys go on in the next. */
  private List<ZoneKey> keys() {
    List<ZoneKey> keys = new ArrayList<>();
    boolean more = true;
    int start = at;
    while (at < tokens.size() && !tokens.get(at).isOpening()) {
      Token token = tokens.get(at);
      if (token.isClosing() || at > start && !more && tokens.get(at).begins()) {
        break;
      }
      more = token.text().endsWith(",");
      for (String part : token.text().split(",")) {
        if (!part.isEmpty()) {
          keys.addAll(ZoneKey.read(token.withText(part), problems));
        }
      }
      at++;
    }
    return keys;
  }

  private @Nullable Directive directive() {
    if (tokens.get(at).isOpening()) {
      problems.add(tokens.get(at), "a '{' that belongs to no plugin");
      skipBraces();
      return null;
    }
    Line head = line();
    List<Line> options = new ArrayList<>();
    if (at < tokens.size() && tokens.get(at).isOpening()) {
      Token open = tokens.get(at++);
      while (at < tokens.size() && !tokens.get(at).isClosing()) {
        if (tokens.get(at).isOpening()) {
          problems.add(tokens.get(at), "braces within the options of " + head.name());
          skipBraces();
        } else {
          options.add(line());
        }
      }
      if (at == tokens.size()) {
        problems.add(open, "the brace of " + head.name() + " never closes");
      }
      at++;
    }
    return new Directive(head, options);
  }

  private void skipBraces() {
    int depth = 0;
    do {
      depth += tokens.get(at).isOpening() ? 1 : tokens.get(at).isClosing() ? -1 : 0;
      at++;
    } while (at < tokens.size() && depth > 0);
  }

  /** The words up to the end of the line, or to the first brace in it. */
  private Line line() {
    int start = at++;
    while (at < tokens.size()
        && !tokens.get(at).begins()
        && !tokens.get(at).isOpening()
        && !tokens.get(at).isClosing()) {
      at++;
    }
    return new Line(tokens.subList(start, at));
  }

  private void refuseConflicts(List<ServerBlock> blocks) {
    Map<String, Token> seen = new HashMap<>();
    for (ServerBlock block : blocks) {
      for (ZoneKey key : block.keys()) {
        for (String address : addresses(block)) {
          Token earlier =
              seen.put(
                  (key.port() + " " + key.zone() + " " + address)
                      .toLowerCase(java.util.Locale.ROOT),
                  block.at());
          if (earlier != null && key.port() != 0) {
            problems.add(
                block.at(),
                key + " is served by the block of " + earlier.place() + " already; one has to go");
          }
        }
      }
    }
  }

  private static List<String> addresses(ServerBlock block) {
    List<String> addresses =
        block.directives().stream()
            .filter(each -> each.name().equals("bind"))
            .flatMap(each -> each.head().arguments().stream())
            .map(Token::text)
            .toList();
    return addresses.isEmpty() ? List.of("") : addresses;
  }
}
