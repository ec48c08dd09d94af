package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A fuzz target's committed inputs, and as many more as are asked for, made of them by small
 * changes: always the same ones, so that a build is no game of chance. Longer runs are Jazzer's.
 */
public final class MutatedCorpus {

  private static final int MOST_CHANGES = 4;

  /** Octets at which programs of all kinds go wrong. */
  private static final byte[] TELLING = {0, 1, 2, 7, 8, 0x3f, 0x40, 0x7f, (byte) 0x80, -64, -2, -1};

  private final Random lot = new Random(1);
  private final List<byte[]> inputs;

  private MutatedCorpus(List<byte[]> inputs) {
    this.inputs = inputs;
  }

  /**
   * Calls a target with each of its inputs, then with so many changed ones.
   *
   * @param test the class whose {@code …Inputs} folder has one folder for each target
   */
  public static void run(Class<?> test, String target, int changed, Consumer<byte[]> once) {
    MutatedCorpus corpus = new MutatedCorpus(inputs(test, target));
    assertThat(corpus.inputs).as("inputs of " + target).isNotEmpty();
    corpus.inputs.forEach(input -> call(once, input.clone()));
    for (int i = 0; i < changed; i++) {
      call(once, corpus.next());
    }
  }

  private static void call(Consumer<byte[]> once, byte[] input) {
    byte[] before = input.clone();
    try {
      once.accept(input);
    } catch (RuntimeException | Error failure) {
      throw new AssertionError("on " + HexFormat.of().formatHex(before), failure);
    }
  }

  private static List<byte[]> inputs(Class<?> test, String target) {
    URL folder = test.getResource(test.getSimpleName() + "Inputs/" + target);
    assertThat(folder).as("folder of " + target + "'s inputs").isNotNull();
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      List<byte[]> inputs = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(file));
      }
      return inputs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] any() {
    return inputs.get(lot.nextInt(inputs.size()));
  }

  private byte[] next() {
    byte[] octets = any();
    for (int i = lot.nextInt(MOST_CHANGES); i >= 0; i--) {
      octets = changed(octets);
    }
    return octets;
  }

  private byte[] changed(byte[] octets) {
    int at = lot.nextInt(octets.length + 1);
    byte[] head = Arrays.copyOf(octets, at);
    byte[] tail = Arrays.copyOfRange(octets, at, octets.length);
    switch (lot.nextInt(8)) {
      case 0:
        return head;
      case 1:
        return joined(head, Arrays.copyOfRange(tail, lot.nextInt(tail.length + 1), tail.length));
      case 2:
        return joined(head, Arrays.copyOf(tail, lot.nextInt(tail.length + 1)), tail);
      case 3:
        byte[] other = any();
        return joined(head, Arrays.copyOfRange(other, lot.nextInt(other.length + 1), other.length));
      case 4:
        return joined(head, new byte[] {(byte) lot.nextInt(256)}, tail);
      default:
        byte[] one = octets.clone();
        if (at < one.length) {
          one[at] =
              switch (lot.nextInt(3)) {
                case 0 -> (byte) (one[at] ^ 1 << lot.nextInt(8));
                case 1 -> TELLING[lot.nextInt(TELLING.length)];
                default -> (byte) lot.nextInt(256);
              };
        }
        return one;
    }
  }

  private static byte[] joined(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
