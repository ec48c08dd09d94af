@NullMarked
package io.podwire.agnhost;

import org.jspecify.annotations.NullMarked;
