/** Which server it was that answered. */
@NullMarked
package io.podwire.dns.nsid;

import org.jspecify.annotations.NullMarked;
