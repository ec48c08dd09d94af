/** Tests of the faults of links, each model against its own law. */
@NullMarked
package io.podwire.netstack.impair;

import org.jspecify.annotations.NullMarked;
