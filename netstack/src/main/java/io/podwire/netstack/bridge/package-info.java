/** The virtual bridge: learning, ageing, flooding and anti-spoofing. */
@NullMarked
package io.podwire.netstack.bridge;

import org.jspecify.annotations.NullMarked;
