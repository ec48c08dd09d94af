/** Consistent hashing as Cilium does it. */
@NullMarked
package io.podwire.netstack.service.maglev;

import org.jspecify.annotations.NullMarked;
