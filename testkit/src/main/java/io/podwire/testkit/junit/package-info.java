/** Clusters in JUnit 5 tests: lifecycles, injected parameters, evidence of failures. */
@NullMarked
package io.podwire.testkit.junit;

import org.jspecify.annotations.NullMarked;
