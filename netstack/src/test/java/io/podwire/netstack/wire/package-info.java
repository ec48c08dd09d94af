/** The tests' vocabulary: builders of packets, and checkers of what was seen. */
@NullMarked
package io.podwire.netstack.wire;

import org.jspecify.annotations.NullMarked;
