package io.github.recurrent.onnx;

import io.github.recurrent.graph.Query;
import io.github.recurrent.reasoning.Halting;
import java.nio.file.Path;

/**
 * Loads a model as often as is said, in a shutdown hook if that is said, and prints what became of
 * each attempt.
 */
final class LoadProgram {
  private LoadProgram() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int times = Integer.parseInt(arguments[1]);
    if (arguments.length > 2) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> load(folder, times)));
    } else {
      load(folder, times);
    }
  }

  private static void load(Path folder, int times) {
    for (int time = 0; time < times; time++) {
      try (OnnxReasoner reasoner = OnnxReasoner.load(folder)) {
        reasoner.answer(Query.of("<e_1>", "<r_1>"), Halting.fixed(2));
        System.out.println("answered");
      } catch (Throwable e) {
        System.out.println(e);
      }
    }
    try {
      OnnxTracer.of(TestModels.random(1)).close();
      System.out.println("opened");
    } catch (Throwable e) {
      System.out.println(e);
    }
  }
}
