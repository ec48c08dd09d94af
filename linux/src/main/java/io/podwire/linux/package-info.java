/**
 * The Linux kernel through the foreign-function API: namespaces, netlink, TAPs, UDP sockets, mounts
 * and processes.
 *
 * <p>Nothing here shells out to a network tool. System calls that concern a thread's namespaces are
 * made on short-lived platform threads, see {@link io.podwire.linux.NetworkNamespace}. Needs Linux
 * 5.11 or newer on x86-64 or aarch64.
 */
@NullMarked
package io.podwire.linux;

import org.jspecify.annotations.NullMarked;
