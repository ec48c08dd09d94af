/** What a DNS handler is, the chain that it stands in, and the counters that all share. */
@NullMarked
package io.podwire.dns.handler;

import org.jspecify.annotations.NullMarked;
