package io.podwire.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;

import io.podwire.packet.NdMessage.NeighborAdvertisement;
import io.podwire.packet.NdMessage.NeighborSolicitation;
import io.podwire.packet.NdMessage.RouterAdvertisement;
import io.podwire.packet.NdMessage.RouterSolicitation;
import io.podwire.packet.NdOption.LinkLayerAddress;
import io.podwire.packet.NdOption.LinkMtu;
import io.podwire.packet.NdOption.Other;
import io.podwire.packet.NdOption.PrefixInformation;
import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.addr.MacAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class NeighborDiscoveryTest {

  private static final MacAddress HOST_MAC = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress ROUTER_MAC = MacAddress.parse("02:00:00:00:00:01");
  private static final IpAddress ROUTER = IpAddress.parse("fd01::1");

  /** RFC 4861's layouts written out: a router that hands out 2001:db8::/64 with MTU 1450. */
  private static final String ROUTER_ADVERTISEMENT =
      "8600 0000 40 c0 0708 00007530 000003e8"
          + "01 01 020000000001"
          + "05 01 0000 000005aa"
          + "03 04 40 c0 00278d00 00093a80 00000000 20010db8000000000000000000000000"
          + "19 03 0000 00000e10 20010db8000000000000000000000053";

  private static final Gen<NdOption> OPTIONS =
      in ->
          switch (RoundTrip.bits(in, 2)) {
            case 0 -> new LinkLayerAddress(1 + RoundTrip.bits(in, 1), RoundTrip.MAC.generate(in));
            case 1 -> new LinkMtu(RoundTrip.anyInt(in));
            case 2 ->
                new PrefixInformation(
                    RoundTrip.bits(in, 7),
                    RoundTrip.flag(in),
                    RoundTrip.flag(in),
                    RoundTrip.anyInt(in),
                    RoundTrip.anyInt(in),
                    RoundTrip.IPV6.generate(in));
            default ->
                new Other(
                    24 + RoundTrip.bits(in, 4),
                    Octets.ofHex(
                        "0102030405060000000000000000".substring(0, RoundTrip.flag(in) ? 12 : 28)));
          };

  private static final Gen<NdMessage> MESSAGES =
      in -> {
        List<NdOption> options = RoundTrip.listOf(in, 3, OPTIONS);
        return switch (RoundTrip.bits(in, 2)) {
          case 0 -> new RouterSolicitation(options);
          case 1 ->
              new RouterAdvertisement(
                  RoundTrip.bits(in, 8),
                  RoundTrip.flag(in),
                  RoundTrip.flag(in),
                  RoundTrip.bits(in, 16),
                  RoundTrip.anyInt(in),
                  RoundTrip.anyInt(in),
                  options);
          case 2 -> new NeighborSolicitation(RoundTrip.IPV6.generate(in), options);
          default ->
              new NeighborAdvertisement(
                  RoundTrip.flag(in),
                  RoundTrip.flag(in),
                  RoundTrip.flag(in),
                  RoundTrip.IPV6.generate(in),
                  options);
        };
      };

  @Test
  void shouldReadTheSolicitationThatLinuxSent() {
    CapturedFrame frame = CapturedFrame.named("nd-neighbor-solicitation");
    Icmpv6View view = frame.icmpv6();

    assertThat(view.check()).isEqualTo(Defect.NONE);
    assertThat(view.isDiscovery()).isTrue();
    assertThat(frame.ipv6().hopLimit()).isEqualTo(Icmpv6View.DISCOVERY_HOP_LIMIT);
    assertThat(new IpAddress(view.targetHigh(), view.targetLow())).isEqualTo(ROUTER);
    assertThat(view.sourceLinkLayer()).isEqualTo(HOST_MAC.value());
    assertThat(view.targetLinkLayer()).isEqualTo(-1);
  }

  @Test
  void shouldReadTheAdvertisementThatLinuxSent() {
    Icmpv6View view = CapturedFrame.named("nd-neighbor-advertisement").icmpv6();

    assertThat(view.isFromRouter()).isTrue();
    assertThat(view.isSolicited()).isTrue();
    assertThat(view.isOverride()).isTrue();
    assertThat(view.targetLinkLayer()).isEqualTo(ROUTER_MAC.value());
  }

  @Test
  void shouldWriteWhatLinuxSent() {
    assertThat(
            emitted(
                "nd-neighbor-solicitation",
                new NeighborSolicitation(
                    ROUTER, List.of(new LinkLayerAddress(NdOption.SOURCE_LINK_LAYER, HOST_MAC)))))
        .isEqualTo(sent("nd-neighbor-solicitation"));
    assertThat(
            emitted(
                "nd-neighbor-advertisement",
                new NeighborAdvertisement(
                    true,
                    true,
                    true,
                    ROUTER,
                    List.of(new LinkLayerAddress(NdOption.TARGET_LINK_LAYER, ROUTER_MAC)))))
        .isEqualTo(sent("nd-neighbor-advertisement"));
    assertThat(
            emitted(
                "nd-router-solicitation",
                new RouterSolicitation(
                    List.of(new LinkLayerAddress(NdOption.SOURCE_LINK_LAYER, HOST_MAC)))))
        .isEqualTo(sent("nd-router-solicitation"));
  }

  @Test
  void shouldReadAndWriteARouterAdvertisement() {
    byte[] bytes = Octets.ofHex(ROUTER_ADVERTISEMENT.replace(" ", "")).toBytes();
    Icmpv6View view = new Icmpv6View().wrap(ByteBuffer.wrap(bytes), 0, bytes.length);
    RouterAdvertisement expected =
        new RouterAdvertisement(
            64,
            true,
            true,
            1800,
            30000,
            1000,
            List.of(
                new LinkLayerAddress(NdOption.SOURCE_LINK_LAYER, ROUTER_MAC),
                new LinkMtu(1450),
                new PrefixInformation(
                    64, true, true, 2592000, 604800, IpAddress.parse("2001:db8::")),
                new Other(25, Octets.ofHex("000000000e1020010db8000000000000000000000053"))));

    assertThat(view.check()).isEqualTo(Defect.NONE);
    assertThat(NdMessage.parse(view)).contains(expected);
    ByteBuffer buffer = RoundTrip.dirtyBuffer(bytes.length);
    expected.emit(buffer, 0, 0);
    assertThat(RoundTrip.all(buffer.putShort(2, (short) 0))).isEqualTo(Octets.of(bytes));
  }

  @Test
  void shouldLeaveOtherMessagesAlone() {
    assertThat(NdMessage.parse(CapturedFrame.named("icmpv6-echo-request").icmpv6())).isEmpty();
  }

  @Test
  void shouldNameEachDefect() {
    Icmpv6View view = solicitation();
    assertThat(view.setCode(1).check()).isEqualTo(Defect.BAD_FIELD);

    view = solicitation();
    view.put8(25, 0);
    assertThat(view.check()).isEqualTo(Defect.BAD_OPTION);

    view = solicitation();
    view.put8(25, 2);
    assertThat(view.check()).isEqualTo(Defect.TRUNCATED);

    view = solicitation();
    assertThat(view.wrap(view.buffer(), view.offset(), 23).check()).isEqualTo(Defect.TRUNCATED);
    assertThat(view.wrap(view.buffer(), view.offset(), 27).check()).isEqualTo(Defect.TRUNCATED);
    assertThat(view.wrap(view.buffer(), view.offset(), 24).check()).isEqualTo(Defect.NONE);
  }

  @Test
  void shouldKeepEveryMessageThroughItsBytes() {
    qt().forAll(MESSAGES)
        .check(message -> {
          ByteBuffer buffer = RoundTrip.dirtyBuffer(160);
          int length = message.emit(buffer, 3, 4711);
          Icmpv6View view = new Icmpv6View().wrap(buffer, 3, length);
          return view.check() == Defect.NONE
              && view.isIntact(4711)
              && NdMessage.parse(view).equals(Optional.of(message));
        });
  }

  @Test
  void shouldRefuseAnOptionThatFillsNoWholeUnits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Other(99, Octets.ofHex("0102")))
        .withMessage("octets of an ND option must be 6 plus a multiple of 8, got 2");
  }

  private static Icmpv6View solicitation() {
    return CapturedFrame.named("nd-neighbor-solicitation").icmpv6();
  }

  private static Octets emitted(String like, NdMessage message) {
    ByteBuffer buffer = RoundTrip.dirtyBuffer(message.length());
    message.emit(buffer, 0, CapturedFrame.named(like).ipv6().pseudoHeader());
    return RoundTrip.all(buffer);
  }

  private static Octets sent(String name) {
    Icmpv6View view = CapturedFrame.named(name).icmpv6();
    return Octets.copyOf(view.buffer(), view.offset(), view.length());
  }
}
