/** The client's own address and port. */
@NullMarked
package io.podwire.dns.whoami;

import org.jspecify.annotations.NullMarked;
