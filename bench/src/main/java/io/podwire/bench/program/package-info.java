/** Programs that a benchmark starts, what they leave behind, and how they end. */
@NullMarked
package io.podwire.bench.program;

import org.jspecify.annotations.NullMarked;
