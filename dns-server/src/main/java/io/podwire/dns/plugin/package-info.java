/** What a plugin of the Corefile is, how it reads its options, and what it finds in its server. */
@NullMarked
package io.podwire.dns.plugin;

import org.jspecify.annotations.NullMarked;
