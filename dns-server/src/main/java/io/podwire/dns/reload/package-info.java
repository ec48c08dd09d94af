/** The Corefile, read again when it changes. */
@NullMarked
package io.podwire.dns.reload;

import org.jspecify.annotations.NullMarked;
