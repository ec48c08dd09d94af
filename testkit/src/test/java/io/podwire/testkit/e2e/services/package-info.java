/** What becomes of connections to Services, by one table, whoever is asked. */
@NullMarked
package io.podwire.testkit.e2e.services;

import org.jspecify.annotations.NullMarked;
