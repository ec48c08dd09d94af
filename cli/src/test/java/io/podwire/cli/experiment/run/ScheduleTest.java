package io.podwire.cli.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.cli.experiment.plan.Action;
import io.podwire.cli.experiment.plan.Step;
import io.podwire.cli.experiment.plan.Trigger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private final Map<String, Double> ended = new HashMap<>();
  private boolean holds = true;

  @Test
  void shouldBeginStepsAtTheirTimes() {
    Step at = step("at", new Trigger.At(seconds(2)));
    Step after = step("after", new Trigger.After("at", seconds(1)));
    Schedule schedule = new Schedule(List.of(at, after));

    assertThat(due(schedule, 1.9)).isEmpty();
    assertThat(due(schedule, 2)).containsExactly("at");
    assertThat(due(schedule, 3)).isEmpty();
    assertThat(schedule.isOpen(3)).as("after may still begin").isTrue();
    ended.put("at", 5.0);
    assertThat(due(schedule, 5.9)).isEmpty();
    assertThat(due(schedule, 6)).containsExactly("after");
    assertThat(schedule.isOpen(6)).isFalse();
  }

  @Test
  void shouldBeginAStepAgainAndAgain() {
    Step every = step("every", new Trigger.Every(seconds(10), seconds(5), seconds(25)));
    Schedule schedule = new Schedule(List.of(every));

    assertThat(due(schedule, 4)).isEmpty();
    assertThat(due(schedule, 5)).containsExactly("every");
    assertThat(due(schedule, 14)).isEmpty();
    assertThat(due(schedule, 15)).containsExactly("every");
    assertThat(due(schedule, 40)).isEmpty();
    assertThat(schedule.times(every)).isEqualTo(2);
    assertThat(schedule.isOpen(16)).isFalse();
  }

  @Test
  void shouldWaitForAProbe() {
    Step when = step("when", new Trigger.When("fast", false, seconds(10)));
    Step never = step("never", new Trigger.After("when", seconds(0)));
    Schedule schedule = new Schedule(List.of(when, never));

    assertThat(due(schedule, 1)).isEmpty();
    assertThat(schedule.isOpen(11)).as("it is too late for both").isFalse();
    holds = false;
    assertThat(due(schedule, 9)).containsExactly("when");
    assertThat(due(schedule, 9.5)).isEmpty();
  }

  private List<String> due(Schedule schedule, double now) {
    return schedule
        .due(
            now,
            step ->
                ended.containsKey(step)
                    ? OptionalDouble.of(ended.getOrDefault(step, 0.0))
                    : OptionalDouble.empty(),
            (probe, wanted) -> holds == wanted)
        .stream()
        .map(Step::name)
        .toList();
  }

  private static Step step(String name, Trigger trigger) {
    return new Step(name, trigger, new Action.Wait(Duration.ZERO));
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
