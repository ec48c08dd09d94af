@NullMarked
package io.podwire.testkit;

import org.jspecify.annotations.NullMarked;
