/** The hash table that every table of a node is made of. */
@NullMarked
package io.podwire.netstack.table;

import org.jspecify.annotations.NullMarked;
