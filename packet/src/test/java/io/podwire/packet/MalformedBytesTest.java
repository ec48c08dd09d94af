package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * No bytes make {@code check()} throw; and where it finds nothing wrong, no accessor throws and the
 * value can be taken.
 */
class MalformedBytesTest {

  private static final int MUTATIONS_PER_FRAME = 8;

  /** One view of each protocol with its check and the way to its value. */
  private record Protocol<V extends View>(
      V view, Wrap<V> wrap, Function<V, Defect> check, Consumer<V> parse, List<Method> accessors) {

    static <V extends View> Protocol<V> of(
        V view, Wrap<V> wrap, Function<V, Defect> check, Consumer<V> parse) {
      List<Method> accessors =
          Arrays.stream(view.getClass().getMethods())
              .filter(method -> method.getReturnType().isPrimitive())
              .filter(method -> method.getReturnType() != void.class)
              .filter(method -> method.getDeclaringClass() != Object.class)
              .filter(method -> !Modifier.isStatic(method.getModifiers()))
              .filter(method -> !method.getName().startsWith("compute"))
              .toList();
      return new Protocol<>(view, wrap, check, parse, accessors);
    }

    /** Whether the check found nothing wrong. */
    boolean read(ByteBuffer buffer, int offset, int length) {
      wrap.wrap(view, buffer, offset, length);
      if (check.apply(view) != Defect.NONE) {
        return false;
      }
      for (Method accessor : accessors) {
        call(accessor);
      }
      parse.accept(view);
      return true;
    }

    private void call(Method accessor) {
      Object[] zeros = new Object[accessor.getParameterCount()];
      for (int i = 0; i < zeros.length; i++) {
        zeros[i] = accessor.getParameterTypes()[i] == long.class ? (Object) 0L : (Object) 0;
      }
      try {
        accessor.invoke(view, zeros);
      } catch (InvocationTargetException e) {
        throw new AssertionError(accessor + " threw on bytes without a defect", e.getCause());
      } catch (IllegalAccessException e) {
        throw new LinkageError(accessor + " is not public", e);
      }
    }
  }

  private interface Wrap<V> {
    V wrap(V view, ByteBuffer buffer, int offset, int length);
  }

  private static List<Protocol<?>> protocols() {
    return List.of(
        Protocol.of(
            new EthernetView(), EthernetView::wrap, EthernetView::check, EthernetHeader::parse),
        Protocol.of(new ArpView(), ArpView::wrap, ArpView::check, ArpMessage::parse),
        Protocol.of(new Ipv4View(), Ipv4View::wrap, Ipv4View::check, Ipv4Header::parse),
        Protocol.of(new Ipv4View(), Ipv4View::wrap, Ipv4View::checkQuoted, Ipv4View::source),
        Protocol.of(new Ipv6View(), Ipv6View::wrap, Ipv6View::check, Ipv6Header::parse),
        Protocol.of(new Ipv6View(), Ipv6View::wrap, Ipv6View::checkQuoted, Ipv6Header::parse),
        Protocol.of(new UdpView(), UdpView::wrap, UdpView::check, UdpHeader::parse),
        Protocol.of(new TcpView(), TcpView::wrap, TcpView::check, TcpHeader::parse),
        Protocol.of(new IcmpView(), IcmpView::wrap, IcmpView::check, IcmpMessage::parse),
        Protocol.of(new IcmpView(), IcmpView::wrap, IcmpView::checkQuoted, IcmpMessage::parse),
        Protocol.of(
            new Icmpv6View(),
            Icmpv6View::wrap,
            Icmpv6View::check,
            view -> {
              Icmpv6Message.parse(view);
              NdMessage.parse(view);
            }),
        Protocol.of(new VxlanView(), VxlanView::wrap, VxlanView::check, VxlanHeader::parse));
  }

  @Test
  void shouldSurviveEveryTruncation() {
    for (String name : CapturedFrame.names()) {
      byte[] frame = CapturedFrame.named(name).bytes();
      for (int length = 0; length <= frame.length; length++) {
        byte[] cut = Arrays.copyOf(frame, length);
        assertThatCode(() -> readEverywhere(cut))
            .as(name + " cut to " + length)
            .doesNotThrowAnyException();
      }
    }
  }

  @Test
  void shouldSurviveMutations() {
    qt().withExamples(300)
        .forAll(longs().all())
        .checkAssert(seed -> {
          Random random = new Random(seed);
          for (String name : CapturedFrame.names()) {
            readEverywhere(mutated(CapturedFrame.named(name).bytes(), random));
          }
        });
  }

  @Test
  void shouldSurviveRandomBytes() {
    qt().withExamples(3000)
        .forAll(longs().all())
        .checkAssert(seed -> {
          Random random = new Random(seed);
          byte[] bytes = new byte[random.nextInt(128)];
          random.nextBytes(bytes);
          readEverywhere(bytes);
        });
  }

  @Test
  void shouldFindNothingWrongWithIntactFrames() {
    // Otherwise the tests above would be about rejected bytes alone.
    List<String> accepted = new ArrayList<>();
    for (Protocol<?> protocol : protocols()) {
      assertThat(protocol.accessors()).hasSizeGreaterThan(5);
      for (String name : CapturedFrame.names()) {
        CapturedFrame frame = CapturedFrame.named(name);
        for (int at : starts(frame.bytes())) {
          if (protocol.read(frame.buffer(), frame.offset() + at, frame.length() - at)) {
            accepted.add(protocol.view().getClass().getSimpleName());
          }
        }
      }
    }
    assertThat(accepted)
        .contains("EthernetView", "ArpView", "Ipv4View", "Ipv6View", "UdpView", "TcpView")
        .contains("IcmpView", "Icmpv6View", "VxlanView");
  }

  private static void readEverywhere(byte[] bytes) {
    CapturedFrame frame = CapturedFrame.of(bytes);
    for (Protocol<?> protocol : protocols()) {
      for (int at : starts(bytes)) {
        protocol.read(frame.buffer(), frame.offset() + at, bytes.length - at);
      }
    }
  }

  /** Where headers begin in the captured frames: IPv4 behind 14, transports behind 34 or 54. */
  private static int[] starts(byte[] bytes) {
    return Arrays.stream(new int[] {0, 14, 34, 42, 54, 62})
        .filter(at -> at <= bytes.length)
        .toArray();
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    for (int i = random.nextInt(MUTATIONS_PER_FRAME); i >= 0; i--) {
      int at = random.nextInt(Math.min(bytes.length, 80));
      bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : -random.nextInt(2));
    }
    return Arrays.copyOf(bytes, bytes.length - random.nextInt(bytes.length / 4));
  }
}
