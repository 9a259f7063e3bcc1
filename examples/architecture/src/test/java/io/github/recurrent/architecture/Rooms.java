package io.github.recurrent.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A slice for each package with those below it, and one for each internal package of core. */
final class Rooms implements SliceAssignment {
  private static final Pattern ROOM =
      Pattern.compile("io\\.github\\.recurrent\\.((?:internal\\.)?[^.]+).*");

  @Override
  public SliceIdentifier getIdentifierOf(JavaClass type) {
    Matcher room = ROOM.matcher(type.getPackageName());
    return room.matches() ? SliceIdentifier.of(room.group(1)) : SliceIdentifier.ignore();
  }

  @Override
  public String getDescription() {
    return "packages";
  }
}
