/** A CNI plugin (Container Network Interface Specification 1.1.0). */
@NullMarked
package io.podwire.sandbox.cni;

import org.jspecify.annotations.NullMarked;
