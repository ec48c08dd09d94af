/** An experiment's reports: a page for people, JSON, JUnit's XML, and what a failure leaves. */
@NullMarked
package io.podwire.cli.experiment.report;

import org.jspecify.annotations.NullMarked;
