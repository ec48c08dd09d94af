/** Sockets of a Pod's network for programs of this machine. */
@NullMarked
package io.podwire.client.socket;

import org.jspecify.annotations.NullMarked;
