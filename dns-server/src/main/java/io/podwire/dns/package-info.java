@NullMarked
package io.podwire.dns;

import org.jspecify.annotations.NullMarked;
