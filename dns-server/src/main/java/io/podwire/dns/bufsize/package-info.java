/** The largest datagram. */
@NullMarked
package io.podwire.dns.bufsize;

import org.jspecify.annotations.NullMarked;
