package io.github.recurrent.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Each module has packages of its own, so that rules about packages are rules about modules. */
final class OwnPackages extends ArchCondition<JavaClass> {
  private static final String ROOT = "io.github.recurrent.";
  private static final Pattern SOURCE = Pattern.compile(".*/([^/]+)/target/classes/.*");

  OwnPackages() {
    super("reside in packages of their module");
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    String module = module(type);
    boolean own =
        switch (module) {
          case "recurrent-core" ->
              !isIn(type, "tf") && !isIn(type, "onnx") && !isIn(type, "examples");
          case "recurrent-tf" -> isIn(type, "tf");
          case "recurrent-onnx" -> isIn(type, "onnx");
          default -> isIn(type, "examples." + module);
        };
    events.add(
        new SimpleConditionEvent(
            type, own, type.getName() + " is in " + module + ", which has other packages"));
  }

  private static String module(JavaClass type) {
    Matcher source = SOURCE.matcher(type.getSource().orElseThrow().getUri().toString());
    if (!source.matches()) {
      throw new IllegalArgumentException(type + " comes from no module");
    }
    return source.group(1);
  }

  private static boolean isIn(JavaClass type, String name) {
    return (type.getPackageName() + ".").startsWith(ROOT + name + ".");
  }
}
