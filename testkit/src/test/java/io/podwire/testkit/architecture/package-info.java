/** The rules of docs/architecture.md and of the source's form, as tests over all modules. */
@NullMarked
package io.podwire.testkit.architecture;

import org.jspecify.annotations.NullMarked;
