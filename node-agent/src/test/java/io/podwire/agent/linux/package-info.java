/** The kernel interface, tested against the kernel; tests named IT need root. */
@NullMarked
package io.podwire.agent.linux;

import org.jspecify.annotations.NullMarked;
