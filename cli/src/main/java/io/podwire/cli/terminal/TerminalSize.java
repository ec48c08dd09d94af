package io.podwire.cli.terminal;

/** A terminal's size in characters. */
public record TerminalSize(int width, int height) {}
