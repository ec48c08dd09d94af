/** The pause container's program: holds the network namespace that it runs in as a Pod. */
@NullMarked
package io.podwire.sandbox.hold;

import org.jspecify.annotations.NullMarked;
