/** A resolver's search list, walked by the server. */
@NullMarked
package io.podwire.dns.autopath;

import org.jspecify.annotations.NullMarked;
