/** Questions that become others. */
@NullMarked
package io.podwire.dns.rewrite;

import org.jspecify.annotations.NullMarked;
