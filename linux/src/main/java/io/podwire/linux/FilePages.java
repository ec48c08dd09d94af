package io.podwire.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pages of mapped files in this process: code of libraries, and what else is only read.
 *
 * <p>A program touches most of its libraries once, while it starts, and the pages then count as its
 * memory for ever: the kernel takes them back only when it is short of memory. Thread-safe.
 */
public final class FilePages {

  private static final Path MAPPINGS = Path.of("/proc/self/smaps");
  // linux/mman.h
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_NOHUGEPAGE = 15;
  private static final int KIB = 10;

  private FilePages() {}

  /** A mapping's addresses, the end not included, and how much of it is resident. */
  record Range(long start, long end, long residentKib) {}

  /**
   * Unmaps all pages of files that were only read (madvise(2), MADV_DONTNEED); each comes back from
   * the page cache when it is touched again, which takes about a microsecond.
   *
   * @return how much was resident and no longer is, in octets; 0 where the kernel does not tell
   */
  public static long release() {
    long released = 0;
    for (Range range : readOnly()) {
      // A touch is to bring back a few pages, not the two mebibytes around it.
      advise(range, MADV_NOHUGEPAGE);
      // Refused for memory that is locked, or gone by now: then it stays as it is.
      released += advise(range, MADV_DONTNEED) ? range.residentKib() << KIB : 0;
    }
    return released;
  }

  private static boolean advise(Range range, int advice) {
    return SystemCall.MADVISE.attempt(range.start(), range.end() - range.start(), advice) == 0;
  }

  private static List<Range> readOnly() {
    try {
      return readOnly(Files.readAllLines(MAPPINGS, StandardCharsets.ISO_8859_1));
    } catch (IOException hidden) {
      return List.of();
    }
  }

  /**
   * The mappings of files, in the form of proc_pid_smaps(5), that are not writable and of which no
   * page was ever copied. A copy would be lost: the dynamic linker makes pages read-only that it
   * has written to (RELRO), so the permissions alone do not tell.
   */
  static List<Range> readOnly(List<String> lines) {
    List<Range> ranges = new ArrayList<>();
    @Nullable Candidate candidate = null;
    for (String line : lines) {
      String[] words = line.split(" +", 6);
      if (!words[0].endsWith(":")) {
        candidate = Candidate.of(words);
      } else if (candidate != null) {
        switch (words[0]) {
          case "Rss:" -> candidate.resident = Long.parseLong(words[1]);
          case "Anonymous:" -> candidate.copied += Long.parseLong(words[1]);
          case "Swap:" -> {
            candidate.copied += Long.parseLong(words[1]);
            candidate.addTo(ranges);
          }
          default -> {
            // Of no importance here.
          }
        }
      }
    }
    return ranges;
  }

  private static final class Candidate {
    private final long start;
    private final long end;
    private final boolean isReadOnlyFile;
    private long resident;
    private long copied;

    private Candidate(long start, long end, boolean isReadOnlyFile) {
      this.start = start;
      this.end = end;
      this.isReadOnlyFile = isReadOnlyFile;
    }

    /** Of a mapping's first line: addresses, permissions, offset, device, inode, path. */
    static Candidate of(String[] words) {
      int dash = words[0].indexOf('-');
      boolean isFile = words.length == 6 && words[5].startsWith("/") && !words[4].equals("0");
      return new Candidate(
          HexFormat.fromHexDigitsToLong(words[0], 0, dash),
          HexFormat.fromHexDigitsToLong(words[0], dash + 1, words[0].length()),
          isFile && words[1].charAt(1) == '-');
    }

    void addTo(List<Range> ranges) {
      if (isReadOnlyFile && copied == 0 && resident > 0) {
        ranges.add(new Range(start, end, resident));
      }
    }
  }
}
