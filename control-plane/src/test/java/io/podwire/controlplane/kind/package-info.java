@NullMarked
package io.podwire.controlplane.kind;

import org.jspecify.annotations.NullMarked;
