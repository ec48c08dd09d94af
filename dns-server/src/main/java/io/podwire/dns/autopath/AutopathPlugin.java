package io.podwire.dns.autopath;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.SearchPaths;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.DnsName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code autopath [ZONES…] RESOLV-CONF|@kubernetes}: the search list, walked by the server. */
public final class AutopathPlugin implements Plugin {

  @Override
  public String name() {
    return "autopath";
  }

  @Override
  public @Nullable Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words.noOptions(uses.get(0), problems);
    List<Token> words = uses.get(0).head().arguments();
    if (words.isEmpty()) {
      problems.add(
          uses.get(0).head().first(),
          "'autopath' lacks a file such as /etc/resolv.conf, or" + " @kubernetes");
      return null;
    }
    Token last = words.get(words.size() - 1);
    Zones zones = Zones.readOrOf(block, words.subList(0, words.size() - 1), problems);
    if (!last.text().startsWith("@")) {
      List<DnsName> list = searchList(last, problems);
      return site -> Part.of(new AutopathHandler(zones, query -> list, site));
    }
    String plugin = last.text().substring(1);
    if (block.directives().stream().noneMatch(each -> each.name().equals(plugin))
        || !plugin.equals("kubernetes")) {
      problems.add(
          last,
          "'"
              + last.text()
              + "' is no plugin of this block with search lists;"
              + " known: @kubernetes");
    }
    return site ->
        Part.of(
            new AutopathHandler(
                zones,
                query ->
                    site.parts().get().get(plugin) instanceof SearchPaths paths
                        ? paths.of(query)
                        : List.of(),
                site));
  }

  private static List<DnsName> searchList(Token file, Problems problems) {
    List<DnsName> list = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(Path.of(file.text()))) {
        String[] words = line.strip().split("\\s+");
        if (words[0].equals("search")) {
          list.clear();
          for (int i = 1; i < words.length; i++) {
            DnsName.tryParse(words[i]).ifPresent(list::add);
          }
        }
      }
    } catch (IOException e) {
      problems.add(file, "'" + file.text() + "' cannot be read (" + e + ")");
    }
    return list;
  }
}
