/** The extension against a control plane of the test's own, and against real clusters. */
@NullMarked
package io.podwire.testkit.junit;

import org.jspecify.annotations.NullMarked;
