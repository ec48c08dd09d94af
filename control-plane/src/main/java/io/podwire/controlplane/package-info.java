@NullMarked
package io.podwire.controlplane;

import org.jspecify.annotations.NullMarked;
