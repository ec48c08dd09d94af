package io.podwire.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import com.google.protobuf.InvalidProtocolBufferException;
import io.podwire.cluster.model.ClusterUpdate;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.ModelObject;
import io.podwire.cluster.model.PodStatus;
import io.podwire.proto.v1.Change;
import io.podwire.proto.v1.Node;
import io.podwire.proto.v1.Update;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ProtoTranslatorTest {

  @Test
  void shouldKeepEveryUpdateAcrossTheWire() {
    qt().forAll(longs().all())
        .checkAssert(seed -> {
          ClusterUpdate update = new RandomModel(seed).update();
          assertThat(acrossTheWire(ProtoTranslator.toMessages(update))).contains(update);
        });
  }

  @Test
  void shouldKeepEveryPodStatusAcrossTheWire() {
    qt().forAll(longs().all())
        .checkAssert(seed -> {
          PodStatus status = new RandomModel(seed).podStatus();
          assertThat(ProtoTranslator.fromMessage(ProtoTranslator.toMessage(status)))
              .isEqualTo(status);
        });
  }

  @Test
  void shouldKeepEveryFaultReportAcrossTheWire() {
    qt().forAll(longs().all())
        .checkAssert(seed -> {
          FaultReport report = new RandomFault(new SplittableRandom(seed)).report();
          assertThat(ProtoTranslator.fromMessage(ProtoTranslator.toMessage(report)))
              .isEqualTo(report);
        });
  }

  @Test
  void shouldSplitALargeSnapshotAndPutItTogetherAgain() {
    RandomModel model = new RandomModel(1);
    List<ModelObject> objects = LongStream.range(0, 20_000).mapToObj(i -> model.object()).toList();
    ClusterUpdate.Snapshot snapshot = new ClusterUpdate.Snapshot(7, model.config(), objects);

    List<Update> messages = ProtoTranslator.toMessages(snapshot);

    assertThat(messages).hasSizeGreaterThan(3);
    assertThat(messages)
        .allSatisfy(message ->
            assertThat(message.getSerializedSize())
                .isLessThan(ProtoTranslator.MAX_MESSAGE_BYTES * 5 / 4));
    assertThat(messages.stream().filter(Update::getComplete)).hasSize(1);
    assertThat(acrossTheWire(messages)).contains(snapshot);
  }

  @Test
  void shouldRefuseAnAddressThatDoesNotParse() {
    Change change =
        Change.newBuilder().setNode(Node.newBuilder().setName("n1").setAddress("10.0.0")).build();

    assertThatThrownBy(() -> ProtoTranslator.fromMessage(change))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10.0.0");
  }

  @Test
  void shouldRefuseAChangeOfAnUnknownKind() {
    assertThatThrownBy(() -> ProtoTranslator.fromMessage(Change.getDefaultInstance()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Optional<ClusterUpdate> acrossTheWire(List<Update> messages) {
    UpdateAssembler assembler = new UpdateAssembler();
    Optional<ClusterUpdate> result = Optional.empty();
    for (Update message : messages) {
      assertThat(result).isEmpty();
      try {
        result = assembler.add(Update.parseFrom(message.toByteString()));
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
    return result;
  }
}
