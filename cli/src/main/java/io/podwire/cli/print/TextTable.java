package io.podwire.cli.print;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows in aligned columns as kubectl prints them: at least six wide, three blanks apart.
 *
 * <p>Not thread-safe.
 */
public final class TextTable {
  private static final int MIN_WIDTH = 6;
  private static final int PADDING = 3;

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a row; every row has the same number of cells. */
  public void add(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  /** The rows as lines, each ended by a newline; no line ends in blanks. */
  public String text() {
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column));
        int blanks = widths[column] - row.get(column).length();
        if (column < row.size() - 1) {
          line.append(" ".repeat(blanks));
        }
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int[] widths() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        int width = Math.max(MIN_WIDTH, row.get(column).length() + PADDING);
        widths[column] = Math.max(widths[column], width);
      }
    }
    return widths;
  }
}
