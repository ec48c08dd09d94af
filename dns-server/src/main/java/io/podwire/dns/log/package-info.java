/** Queries, in the log. */
@NullMarked
package io.podwire.dns.log;

import org.jspecify.annotations.NullMarked;
