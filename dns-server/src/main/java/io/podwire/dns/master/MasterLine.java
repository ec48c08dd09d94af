package io.podwire.dns.master;

import java.util.ArrayList;
import java.util.List;

/**
 * The words of one record, which parentheses may spread over several lines.
 *
 * @param number of the line that it begins in
 * @param indented whether it begins with white space, which means the owner before
 */
record MasterLine(int number, boolean indented, List<String> words) {

  /** All lines of a text with something in them. */
  static List<MasterLine> of(String text, List<String> problems) {
    List<MasterLine> lines = new ArrayList<>();
    List<String> words = new ArrayList<>();
    int number = 0;
    int began = 0;
    boolean indented = false;
    int open = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      if (open == 0) {
        began = number;
        indented = !line.isEmpty() && Character.isWhitespace(line.charAt(0));
      }
      for (String word : words(line, number, problems)) {
        if (word.equals("(")) {
          open++;
        } else if (word.equals(")")) {
          open = Math.max(0, open - 1);
        } else {
          words.add(word);
        }
      }
      if (open == 0 && !words.isEmpty()) {
        lines.add(new MasterLine(began, indented, List.copyOf(words)));
        words.clear();
      }
    }
    if (open > 0) {
      problems.add("line " + began + ": the parenthesis never closes");
    }
    return lines;
  }

  private static List<String> words(String line, int number, List<String> problems) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < line.length() && line.charAt(at) != ';') {
      char c = line.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '(' || c == ')') {
        words.add(String.valueOf(c));
        at++;
      } else if (c == '"') {
        StringBuilder word = new StringBuilder();
        at++;
        while (at < line.length() && line.charAt(at) != '"') {
          if (line.charAt(at) == '\\' && at + 1 < line.length()) {
            at++;
          }
          word.append(line.charAt(at++));
        }
        if (at == line.length()) {
          problems.add("line " + number + ": the quotes never close");
        }
        at++;
        words.add(word.toString());
      } else {
        int start = at;
        while (at < line.length()
            && !Character.isWhitespace(line.charAt(at))
            && "();\"".indexOf(line.charAt(at)) < 0) {
          at += line.charAt(at) == '\\' ? 2 : 1;
        }
        at = Math.min(at, line.length());
        words.add(line.substring(start, at));
      }
    }
    return words;
  }
}
