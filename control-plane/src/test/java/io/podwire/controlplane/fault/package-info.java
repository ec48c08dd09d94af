@NullMarked
package io.podwire.controlplane.fault;

import org.jspecify.annotations.NullMarked;
