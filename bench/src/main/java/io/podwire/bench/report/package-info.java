/** What a benchmark found out, as a table and as JSON. */
@NullMarked
package io.podwire.bench.report;

import org.jspecify.annotations.NullMarked;
