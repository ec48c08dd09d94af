/** Which mode a node's settings mean, and the rules that it would have. */
@NullMarked
package io.podwire.netstack.service.mode;

import org.jspecify.annotations.NullMarked;
