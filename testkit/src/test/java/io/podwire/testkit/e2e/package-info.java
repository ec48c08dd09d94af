/** Whole clusters on this machine, driven as a user drives them: by {@code ./podwire}. */
@NullMarked
package io.podwire.testkit.e2e;

import org.jspecify.annotations.NullMarked;
