/** Records as text (RFC 1035, section 5). */
@NullMarked
package io.podwire.dns.master;

import org.jspecify.annotations.NullMarked;
