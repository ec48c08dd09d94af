/** The Corefile's language: tokens, snippets, imports, server blocks; nothing of any plugin. */
@NullMarked
package io.podwire.dns.corefile;

import org.jspecify.annotations.NullMarked;
