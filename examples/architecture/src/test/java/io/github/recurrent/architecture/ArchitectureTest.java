package io.github.recurrent.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Keeps the arrows between modules and packages pointing down. */
@AnalyzeClasses(locations = Modules.class)
class ArchitectureTest {
  private static final String ROOT = "io.github.recurrent.";
  private static final String EXAMPLES = ROOT + "examples.";
  private static final String SERVICE = EXAMPLES + "service.";

  @ArchTest
  static final ArchRule modulesHavePackagesOfTheirOwn = classes().should(new OwnPackages());

  @ArchTest
  static final ArchRule onlyTheTrainerNamesTensorFlow =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "tf..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.tensorflow..", "org.bytedeco..");

  @ArchTest
  static final ArchRule onlyTheRuntimeNamesOnnx =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..", "ai.onnx..");

  @ArchTest
  static final ArchRule trainerAndRuntimeDoNotKnowEachOther =
      slices().matching(ROOT + "(tf|onnx)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule coreKnowsNeitherTrainerNorRuntimeNorExamples =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "tf..", ROOT + "onnx..", EXAMPLES + ".")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "tf..", ROOT + "onnx..", EXAMPLES + ".");

  @ArchTest
  static final ArchRule trainerAndRuntimeKnowNoExamples =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "tf..", ROOT + "onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(EXAMPLES + ".");

  @ArchTest
  static final ArchRule modulesBelowExamplesDoNotKnowEachOther =
      slices()
          .matching(EXAMPLES + "(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAPackage(EXAMPLES + "benchmarks.."),
              resideInAnyPackage(
                  EXAMPLES + "experiments.console..", EXAMPLES + "experiments.models.."))
          .ignoreDependency(
              resideInAPackage(EXAMPLES + "benchmarks.service.."),
              resideInAPackage(EXAMPLES + "service.protocol.."))
          .because(
              "only benchmarks share the experiments' console and models, and speak to the service");

  @ArchTest
  static final ArchRule onlyTheLibraryNamesItsInternalPackages =
      noClasses()
          .that()
          .resideInAPackage(EXAMPLES + ".")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "internal..", ROOT + "tf.internal..", ROOT + "onnx.internal..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheTrainerNamesItsInternalPackages =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "tf..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "tf.internal..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheRuntimeNamesItsInternalPackages =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "onnx..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "onnx.internal..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule theGraphsNodesKnowChoicesButNoTraining =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "tf.internal..")
          .should()
          .dependOnClassesThat(
              resideInAPackage(ROOT + "tf")
                  .and(not(nameMatching(".*\\.(AdamW|Dropout|Precision)(\\$.*)?"))));

  @ArchTest
  static final ArchRule trainingsKnowNoListenerButTheInterface =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "tf", ROOT + "tf.internal..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "tf.listener..");

  @ArchTest
  static final ArchRule whatBuildsTheOnnxFilesKnowsNoRuntime =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "onnx.internal..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule onlyChartsNeedTheChartingLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "chart..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.knowm..", "de.erichseifert..", "java.awt..");

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().assignedFrom(new Rooms()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule packagesOfTheServiceFormNoCycle =
      slices().matching(SERVICE + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule waysToAskTheServiceDoNotKnowEachOther =
      slices().matching(SERVICE + "(rest|grpc|page)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule whatTheServiceDoesDoesNotKnowHowItIsAsked =
      noClasses()
          .that()
          .resideInAPackage(SERVICE + "*..")
          .and()
          .resideOutsideOfPackages(SERVICE + "rest..", SERVICE + "grpc..", SERVICE + "page..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(SERVICE + "rest..", SERVICE + "grpc..", SERVICE + "page..");

  @ArchTest
  static final ArchRule reasoningKnowsNothingOfEvaluation =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + "graph..", ROOT + "dataset..", ROOT + "model..", ROOT + "reasoning..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "evaluation..", ROOT + "checkpoint..");

  @ArchTest
  static final ArchRule publicSignaturesNameNoLibraryThatMayChange =
      classes()
          .that(arePublished())
          .should(
              new PlainSignatures(
                  "com.fasterxml.jackson",
                  "org.apache.commons.rng",
                  "org.knowm.xchart",
                  "com.google.protobuf",
                  "ai.onnx",
                  "org.tensorflow"));

  @ArchTest
  static final ArchRule publicSignaturesNameNoInternalPackage =
      classes()
          .that(arePublished())
          .should(
              new PlainSignatures(ROOT + "internal", ROOT + "tf.internal", ROOT + "onnx.internal"));

  /** The types that a user's program may name. */
  private static DescribedPredicate<JavaClass> arePublished() {
    return resideOutsideOfPackages(
            EXAMPLES + ".", ROOT + "internal..", ROOT + "tf.internal..", ROOT + "onnx.internal..")
        .and(describe("can be named from everywhere", ArchitectureTest::isPublic))
        .as("are published");
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
  }
}
