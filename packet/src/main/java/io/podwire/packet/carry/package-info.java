/**
 * Carries sockets of a Pod's network over one stream of octets: the messages between a program in
 * the Pod, which has the sockets, and one elsewhere, which uses them.
 */
@NullMarked
package io.podwire.packet.carry;

import org.jspecify.annotations.NullMarked;
