package io.github.recurrent.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Keeps the arrows between modules and packages pointing down. */
@AnalyzeClasses(
    packages = "io.github.recurrent",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ArchitectureTest.DoNotIncludeTestJars.class
    })
class ArchitectureTest {
  private static final String CORE = "io.github.recurrent.";

  static final class DoNotIncludeTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule onlyTheTrainerNamesTensorFlow =
      noClasses()
          .that()
          .resideOutsideOfPackage(CORE + "tf..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.tensorflow..", "org.bytedeco..");

  @ArchTest
  static final ArchRule onlyTheRuntimeNamesOnnx =
      noClasses()
          .that()
          .resideOutsideOfPackage(CORE + "onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..", "ai.onnx..");

  @ArchTest
  static final ArchRule trainerAndRuntimeDoNotKnowEachOther =
      slices().matching(CORE + "(tf|onnx)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule coreKnowsNeitherTrainerNorRuntimeNorExamples =
      noClasses()
          .that()
          .resideInAnyPackage(
              CORE + "random..",
              CORE + "folder..",
              CORE + "text..",
              CORE + "graph..",
              CORE + "dataset..",
              CORE + "model..",
              CORE + "checkpoint..",
              CORE + "reasoning..",
              CORE + "evaluation..",
              CORE + "chart..",
              CORE + "report..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CORE + "tf..", CORE + "onnx..", CORE + "examples..");

  @ArchTest
  static final ArchRule onlyChartsNeedTheChartingLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage(CORE + "chart..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.knowm..", "de.erichseifert..", "java.awt..");

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching(CORE + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule reasoningKnowsNothingOfEvaluation =
      noClasses()
          .that()
          .resideInAnyPackage(
              CORE + "graph..", CORE + "dataset..", CORE + "model..", CORE + "reasoning..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CORE + "evaluation..", CORE + "checkpoint..");
}
