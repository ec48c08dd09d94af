package io.podwire.controlplane.kind;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
final class Spelling {

  private static final int MAX_EDITS = 2;

  private Spelling() {}

  /** The closest candidate within two edits, ignoring case. */
  static Optional<String> nearest(String word, Collection<String> candidates) {
    String best = null;
    int fewest = MAX_EDITS + 1;
    for (String candidate : candidates) {
      int edits =
          Math.abs(candidate.length() - word.length()) > MAX_EDITS
              ? fewest
              : edits(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (edits < fewest) {
        best = candidate;
        fewest = edits;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Levenshtein's distance, one row of the matrix at a time. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substituted, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
