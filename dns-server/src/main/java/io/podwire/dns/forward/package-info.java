/** Other names, asked of upstream resolvers. */
@NullMarked
package io.podwire.dns.forward;

import org.jspecify.annotations.NullMarked;
