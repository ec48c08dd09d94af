/** A resolver that prints like dig. */
@NullMarked
package io.podwire.agnhost.dig;

import org.jspecify.annotations.NullMarked;
