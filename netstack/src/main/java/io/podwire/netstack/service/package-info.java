/** Services on a node: lookup by virtual address and the choice of a backend. */
@NullMarked
package io.podwire.netstack.service;

import org.jspecify.annotations.NullMarked;
