/**
 * The impairments, one class each, with tc-netem's and tc-tbf's semantics, and the numbers that
 * they draw.
 */
@NullMarked
package io.podwire.netstack.impair.model;

import org.jspecify.annotations.NullMarked;
