package io.github.recurrent.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What users can see of a type names no type of some packages: neither what it extends, nor the
 * types of its public and protected members, their type arguments included.
 */
final class PlainSignatures extends ArchCondition<JavaClass> {
  private final List<String> packages;

  PlainSignatures(String... packages) {
    super("have signatures without types of " + String.join(", ", packages));
    this.packages = List.of(packages);
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    // Package-private supertypes, such as generated builders, lend their public members.
    Set<JavaMember> members = new LinkedHashSet<>(type.getMembers());
    type.getAllRawSuperclasses().stream()
        .filter(ancestor -> ancestor.getPackageName().equals(type.getPackageName()))
        .forEach(ancestor -> members.addAll(ancestor.getMembers()));
    members.stream()
        .filter(PlainSignatures::isSeen)
        .forEach(member -> report(member.getFullName(), named(member), type, events));
    report(
        type.getName(),
        Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream()),
        type,
        events);
  }

  private static boolean isSeen(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaType> named(JavaMember member) {
    if (member instanceof JavaCodeUnit unit) {
      return Stream.of(
              Stream.of(unit.getReturnType()),
              unit.getParameterTypes().stream(),
              unit.getExceptionTypes().stream().<JavaType>map(thrown -> thrown),
              unit.getTypeParameters().stream().<JavaType>map(variable -> variable))
          .flatMap(types -> types);
    }
    return member instanceof com.tngtech.archunit.core.domain.JavaField field
        ? Stream.of(field.getType())
        : Stream.of();
  }

  private void report(
      String where, Stream<? extends JavaType> types, JavaClass owner, ConditionEvents events) {
    types
        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
        .filter(this::isHidden)
        .distinct()
        .forEach(
            hidden ->
                events.add(
                    SimpleConditionEvent.violated(owner, where + " names " + hidden.getName())));
  }

  private boolean isHidden(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName() + ".";
    return packages.stream().anyMatch(hidden -> name.startsWith(hidden + "."));
  }
}
