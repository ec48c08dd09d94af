/** The hash table against java.util's. */
@NullMarked
package io.podwire.netstack.table;

import org.jspecify.annotations.NullMarked;
