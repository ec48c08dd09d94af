/** Load generators and the reading of what they print. */
@NullMarked
package io.podwire.bench.load;

import org.jspecify.annotations.NullMarked;
