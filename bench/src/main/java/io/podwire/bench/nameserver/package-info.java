/** DNS servers to compare, all serving the same names. */
@NullMarked
package io.podwire.bench.nameserver;

import org.jspecify.annotations.NullMarked;
