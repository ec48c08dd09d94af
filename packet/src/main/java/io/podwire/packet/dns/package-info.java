/** The DNS message format (RFC 1035, RFC 6891): values, and a codec that never throws on bytes. */
@NullMarked
package io.podwire.packet.dns;

import org.jspecify.annotations.NullMarked;
