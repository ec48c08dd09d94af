/** The certificate of a block that is served over TLS. */
@NullMarked
package io.podwire.dns.tls;

import org.jspecify.annotations.NullMarked;
