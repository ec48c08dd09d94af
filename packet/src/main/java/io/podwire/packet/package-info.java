/** Wire formats of the protocols, one view over bytes and one value each. No I/O, no clocks. */
@NullMarked
package io.podwire.packet;

import org.jspecify.annotations.NullMarked;
