package io.podwire.dns.plugin;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a Corefile can name: reads its lines and makes what they ask for.
 *
 * <p>Stateless and thread-safe.
 */
public interface Plugin {

  /** The word that begins its line. */
  String name();

  /**
   * Reads all its uses in one server block, without any effect outside.
   *
   * @return what is to be made of them; null where the problems were added to
   */
  @Nullable Draft read(List<Directive> uses, ServerBlock block, Problems problems);

  /** A checked configuration, from which a plugin's part of a running server is made. */
  @FunctionalInterface
  interface Draft {
    /**
     * Makes the part; it does nothing until it is started.
     *
     * @throws PluginFailure where something outside is not as the Corefile says
     */
    Part make(Site site);
  }
}
