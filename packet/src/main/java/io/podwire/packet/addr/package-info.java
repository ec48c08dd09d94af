/**
 * Addresses as values: MAC, IP, CIDR and VNI. Immutable, comparable, without I/O or name lookups.
 */
@NullMarked
package io.podwire.packet.addr;

import org.jspecify.annotations.NullMarked;
