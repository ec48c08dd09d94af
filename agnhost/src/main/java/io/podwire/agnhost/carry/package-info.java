/** Sockets of this Pod for a program elsewhere, over the standard streams. */
@NullMarked
package io.podwire.agnhost.carry;

import org.jspecify.annotations.NullMarked;
