package io.github.recurrent.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What users of the library see names none of some packages. */
final class PublicSignatures extends ArchCondition<JavaClass> {
  private final List<String> packages;

  private PublicSignatures(List<String> packages) {
    super("name none of " + packages + " in public signatures");
    this.packages = packages;
  }

  static PublicSignatures withoutTypesOf(String... packages) {
    return new PublicSignatures(List.copyOf(Arrays.asList(packages)));
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    if (!isVisible(type)) {
      return;
    }
    Stream.concat(type.getCodeUnits().stream(), type.getFields().stream())
        .filter(PublicSignatures::isVisible)
        .forEach(
            member ->
                types(member)
                    .flatMap(named -> named.getAllInvolvedRawTypes().stream())
                    .filter(named -> packages.stream().anyMatch(named.getName()::startsWith))
                    .forEach(
                        named ->
                            events.add(
                                SimpleConditionEvent.violated(
                                    member, member.getFullName() + " names " + named.getName()))));
  }

  private static Stream<JavaType> types(JavaMember member) {
    return member instanceof JavaCodeUnit unit
        ? Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
        : Stream.of(((JavaField) member).getType());
  }

  private static boolean isVisible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static boolean isVisible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(PublicSignatures::isVisible).orElse(true);
  }
}
