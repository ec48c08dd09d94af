package io.podwire.cli.demo;

/**
 * One thing that a step shows.
 *
 * @param command as a person would type it
 * @param expected what should be seen
 * @param seen what was
 * @param held whether they agree
 */
record Check(String command, String expected, String seen, boolean held) {}
