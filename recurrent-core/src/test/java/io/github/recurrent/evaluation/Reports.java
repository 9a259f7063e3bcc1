package io.github.recurrent.evaluation;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.evaluation.Report.Setup;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reports with made-up figures. */
final class Reports {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Vocabulary VOCABULARY =
      Vocabulary.ofTokens(ImmutableList.of("<e_0>", "<e_1>", "<r_0>", "<a>", "</a>"));

  private Reports() {}

  /** Returns the JSON of a report as a tree that can be changed. */
  static ObjectNode json(Report report) {
    try {
      return (ObjectNode) JSON.readTree(report.toJson());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Setup setup(int depth) {
    return new Setup(
        Optional.of(RecurrentDepthTransformer.builder().vocabulary(VOCABULARY).build()),
        "20 facts of 2 types",
        OptionalInt.of(10),
        OptionalLong.of(5_000_000_000L),
        ImmutableMap.of("iterations", "1 to 3"),
        "recurrent 1",
        ImmutableMap.of("learnable recursion depth", Integer.toString(depth)));
  }

  /** Two types, of 2 and 3 hops, with three accuracies each. */
  static DepthSweep sweep(int depth, double... accuracies) {
    return new DepthSweep(
        setup(depth),
        1,
        3,
        ImmutableList.of(
            new DepthSweep.Row("2hop_test", 2, 10, 1, ImmutableDoubleArray.of(0.1, 0.9, 0.8)),
            new DepthSweep.Row("3hop_test", 3, 10, 1, ImmutableDoubleArray.copyOf(accuracies))));
  }

  static DepthSweep sweep(Setup setup) {
    return new DepthSweep(
        setup,
        2,
        2,
        ImmutableList.of(new DepthSweep.Row("2hop_test", 2, 10, 2, ImmutableDoubleArray.of(1e-3))));
  }

  static LogitMargins margins() {
    return new LogitMargins(
        setup(2),
        1,
        3,
        ImmutableList.of(
            new LogitMargins.Row(
                "2hop_test",
                2,
                10,
                1,
                ImmutableDoubleArray.of(-1.5, 4, 3),
                ImmutableDoubleArray.of(0, 1, 0.5),
                2,
                1),
            new LogitMargins.Row(
                "3hop_test",
                3,
                10,
                1,
                ImmutableDoubleArray.of(-2, -1, -0.5),
                ImmutableDoubleArray.of(0, 0, 0),
                Double.NaN,
                0)));
  }

  static HaltingStudy halting() {
    return new HaltingStudy(
        setup(2),
        ImmutableList.of("KL < 0.1", "KL < 0.1 and entropy < 3, or not"),
        ImmutableList.of(
            new HaltingStudy.Row("KL < 0.1", "2hop_test", 2, 10, 0.5, 2.5, 2, 0.25, 2, 4, 0),
            new HaltingStudy.Row(
                "KL < 0.1 and entropy < 3, or not",
                "2hop_test",
                2,
                10,
                1,
                3.5,
                3,
                0.5,
                3,
                16,
                0.1)));
  }

  static Ranking ranking() {
    return new Ranking(
        setup(2),
        ImmutableList.of(
            new Ranking.Row("2hop_test", 2, 10, 2.5, 0.5, 0.75, 1, 0.625, 0.25, 0.5, 0.5, 1e-3),
            new Ranking.Row(
                "3hop_test",
                3,
                0,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN)));
  }

  /** Sweeps over trained and held-out facts. */
  static Generalization generalization() {
    return Generalization.of(
        new DepthSweep(
            setup(2),
            1,
            2,
            ImmutableList.of(
                new DepthSweep.Row("2hop_train", 2, 10, 1, ImmutableDoubleArray.of(0.5, 1)),
                new DepthSweep.Row("2hop_test", 2, 10, 1, ImmutableDoubleArray.of(0.25, 0)),
                new DepthSweep.Row("3hop_test", 3, 10, 1, ImmutableDoubleArray.of(0.25, 0)))));
  }

  static CurriculumSteps curriculum() {
    return new CurriculumSteps(
        setup(3),
        ImmutableList.of(
            new CurriculumSteps.Stage(1, 100, 100, 2.5),
            new CurriculumSteps.Stage(2, 5_000_000_000L, 4_999_999_900L, Double.NaN)));
  }

  static LearningRecord learning(double ood) {
    return new LearningRecord(
        setup(2),
        ImmutableList.of(
            new LearningRecord.Evaluation(
                50, 1, 1.25, ImmutableMap.of("train_inferred", 0.5, "test_inferred_ood", 0.0)),
            new LearningRecord.Evaluation(
                100,
                2,
                Double.NaN,
                ImmutableMap.of("train_inferred", 1.0, "test_inferred_ood", ood))));
  }

  static LogitLens lens() {
    ImmutableDoubleArray shares = ImmutableDoubleArray.of(0, 0.25, 1);
    ImmutableDoubleArray ranks = ImmutableDoubleArray.of(12.5, 3, 1);
    return new LogitLens(
        setup(2),
        2,
        ImmutableList.of(
            new LogitLens.Row("two", 2, 20, 1, "r1", shares, ranks, shares, shares),
            new LogitLens.Row("two", 2, 20, 2, "read", ranks, shares, ranks, ranks)));
  }

  static ActivationPatching patching() {
    ImmutableDoubleArray none = ImmutableDoubleArray.of(Double.NaN, Double.NaN);
    ImmutableDoubleArray shares = ImmutableDoubleArray.of(-0.125, 1);
    return new ActivationPatching(
        setup(2),
        1,
        ImmutableList.of(
            new ActivationPatching.Row(
                "two",
                2,
                20,
                18,
                17,
                16,
                15,
                0.9,
                1e-9,
                ImmutableList.of(
                    new ActivationPatching.Place("h", shares, none, shares, none, shares),
                    new ActivationPatching.Place("read", none, shares, none, shares, none))),
            new ActivationPatching.Row(
                "three", 3, 20, 0, 0, 0, 0, Double.NaN, Double.NaN, ImmutableList.of())));
  }

  static ShortcutStudy shortcut() {
    return new ShortcutStudy(
        setup(2),
        ImmutableList.of(
            new ShortcutStudy.Row(
                "two",
                2,
                20,
                18,
                ImmutableList.of(
                    new ShortcutStudy.Replaced(1, 18, 0.75, 1, 0.5, 0.3),
                    new ShortcutStudy.Replaced(
                        2, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN)),
                ImmutableList.of(
                    new ShortcutStudy.Kept(0, 18, 0.1, 0.05, 0.2, 1e-3),
                    new ShortcutStudy.Kept(1, 18, 1, 1, 1, 0.9)))));
  }
}
