@NullMarked
package io.podwire.netstack;

import org.jspecify.annotations.NullMarked;
