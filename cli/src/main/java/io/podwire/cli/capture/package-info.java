/** Captured frames: from the API as pcapng, and from a network namespace by a packet socket. */
@NullMarked
package io.podwire.cli.capture;

import org.jspecify.annotations.NullMarked;
