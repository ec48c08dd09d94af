/** The comparisons: what is measured, on which peers, how often. */
@NullMarked
package io.podwire.bench.comparison;

import org.jspecify.annotations.NullMarked;
