package io.podwire.testkit.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A link of a chain does not know which one comes before it; only boot knows the order. */
class ChainsTest {

  private static final String DNS_HANDLER = "io.podwire.dns.handler.DnsHandler";
  private static final String DNS_PLUGIN = "io.podwire.dns.plugin.Plugin";

  @Test
  void shouldBeJoinedInBootAlone() {
    assertThat(joiners(DNS_PLUGIN)).containsExactly("io.podwire.dns.boot");
    // Each plugin makes its own handler, so that nobody has to know two of them.
    assertThat(joiners(DNS_HANDLER)).isEmpty();
  }

  private static Set<String> joiners(String link) {
    JavaClasses links = ProjectClasses.implementing(link);
    assertThat(links).as("implementations of " + link).hasSizeGreaterThan(10);
    return ProjectClasses.of(Module.DNS_SERVER).stream()
        .filter(type -> linksUsedBy(type, links) > 1)
        .map(JavaClass::getPackageName)
        .collect(toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {DNS_HANDLER, DNS_PLUGIN, "io.podwire.netstack.filter.PacketHook"})
  void shouldNotKnowEachOther(String link) {
    JavaClasses links = ProjectClasses.implementing(link);

    assertThat(links).as("implementations of " + link).hasSizeGreaterThan(1);
    classes()
        .should(notDependOnOthersOf(links))
        .because("a link does not know which one comes before it")
        .check(links);
  }

  private static long linksUsedBy(JavaClass type, JavaClasses links) {
    return type.getDirectDependenciesFromSelf().stream()
        .map(Dependency::getTargetClass)
        .filter(target -> links.contain(target.getName()))
        .distinct()
        .count();
  }

  private static ArchCondition<JavaClass> notDependOnOthersOf(JavaClasses links) {
    return new ArchCondition<>("not depend on another link of the same chain") {
      @Override
      public void check(JavaClass link, ConditionEvents events) {
        for (Dependency dependency : link.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass();
          boolean isOther = links.contain(target.getName()) && !target.equals(link);
          if (isOther) {
            events.add(SimpleConditionEvent.violated(link, dependency.getDescription()));
          }
        }
      }
    };
  }
}
