/** Measured values, and what one peer's are against another's. */
@NullMarked
package io.podwire.bench.measure;

import org.jspecify.annotations.NullMarked;
