package io.github.recurrent.examples.programs;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.dataset.Facts;
import io.github.recurrent.dataset.MultiHopDataset;
import io.github.recurrent.dataset.Split;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.onnx.OnnxExporter;
import io.github.recurrent.onnx.OnnxReasoner;
import io.github.recurrent.reasoning.Halting;
import io.github.recurrent.reasoning.Reasoner;
import io.github.recurrent.tf.Cancellation;
import io.github.recurrent.tf.Preset;
import io.github.recurrent.tf.Trainer;
import io.github.recurrent.tf.listener.ProgressBar;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The whole path in minutes on two cores: a knowledge graph, a dataset, a model trained on chains
 * of a few hops, an ONNX file, and answers to queries of up to 40 hops.
 */
@Command(
    name = "quickstart",
    sortOptions = false,
    description = "Builds data, trains, exports, and answers queries of up to 40 hops.")
public final class Quickstart implements Callable<Integer> {
  private static final ImmutableList<Integer> BEYOND = ImmutableList.of(10, 20, 40);
  private static final int MOST_ITERATIONS = 100;
  private static final String COMMAND = "mvn -f examples/run";

  /** What a process ends with that Ctrl-C has ended. */
  private static final int STOPPED = 130;

  @Mixin private QuickstartChoices choices = new QuickstartChoices();

  @Option(
      names = "--folder",
      paramLabel = "PATH",
      defaultValue = RunFolder.DEFAULT,
      description = "where checkpoint, export and report go (default ${DEFAULT-VALUE})")
  private Path folder = Path.of(RunFolder.DEFAULT);

  @Option(names = "--resume", description = "go on with a run that was stopped, in its folder")
  private boolean resume;

  @SuppressWarnings("UnusedVariable") // Picocli looks at it.
  @Option(names = "--help", usageHelp = true, description = "show this text")
  private boolean help;

  @Spec private CommandSpec command = CommandSpec.create();

  Quickstart() {}

  /** Runs the quickstart, and ends the virtual machine with 0 if it could. */
  public static void main(String[] arguments) {
    // What the library logs is one line without a date, as the program's own are.
    System.setProperty("java.util.logging.SimpleFormatter.format", "%5$s%n");
    // Maven always passes the choices, with their defaults; what is said after them counts.
    System.exit(
        new CommandLine(new Quickstart()).setOverwrittenOptionsAllowed(true).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    Instant start = Instant.now();
    choices.check(command);
    RunFolder run = folder();
    if (resume) {
      choices.read(run.path());
      print("Goes on with %s: %s.", run.path(), choices);
    } else {
      choices.write(run.path());
    }
    try (Farewell farewell = Farewell.of(run, COMMAND)) {
      work(run, farewell);
    } catch (CancellationException e) {
      return STOPPED;
    }
    print("%nDone in %d s.%n%s", seconds(start), run.next(COMMAND));
    return 0;
  }

  private RunFolder folder() throws IOException {
    if (!resume) {
      return RunFolder.create(folder);
    }
    try {
      return RunFolder.of(folder);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private void work(RunFolder run, Farewell farewell) throws IOException {
    KnowledgeGraph graph =
        KnowledgeGraph.builder()
            .entities(choices.entities)
            .relations(choices.relations)
            .permutations()
            .seed(choices.seed)
            .build();
    MultiHopDataset data = data(graph, 2, choices.hops, 15_000, 750);
    Preset preset = Preset.laptopFarExtrapolation(choices.hops);
    RecurrentDepthTransformer model = preset.model(data.vocabulary()).build();
    String story =
        String.format(
            Locale.ROOT,
            "A model of %,d parameters learns %d atomic facts of %d entities, and chains of up to"
                + " %d hops.",
            model.parameterCount(),
            data.atomic().size(),
            choices.entities,
            choices.hops);
    print("%s%s%nCtrl-C stops, and keeps what is trained.", run.note(), story);

    Trainer trainer =
        preset
            .trainer(model)
            .seed(choices.seed)
            .checkpoints(run.checkpoints())
            .cancellation(Cancellation.onShutdown())
            .listener(ProgressBar.create());
    Checkpoint trained = run.start().map(trainer::startFrom).orElse(trainer).train(data);
    farewell.trained();
    OnnxExporter.export(trained, run.export());

    // The paper's 3.0 nats are for 200 entities.
    Halting halting =
        Halting.klAndEntropy(0.01, 3.0 * Math.log(choices.entities) / Math.log(200))
            .atMost(MOST_ITERATIONS);
    MultiHopDataset beyond = data(graph, choices.hops + 1, Collections.max(BEYOND), 1, 250);
    try (Reasoner reasoner = OnnxReasoner.load(run.export())) {
      Findings findings =
          Findings.of(
              reasoner,
              heldOut(data, beyond),
              MOST_ITERATIONS,
              halting,
              ImmutableList.of(data.test(3), beyond.test(10), beyond.test(20)));
      print("%nHeld-out facts, of more hops than it has seen too:%n%s", findings);
      FindingsPage.write(findings, run, story, choices.told(), choices.hops);
    }
  }

  private MultiHopDataset data(
      KnowledgeGraph graph, int fewest, int most, int trainPerHop, int testPerHop) {
    return MultiHopDataset.from(graph)
        .hops(fewest, most)
        .trainPerHop(trainPerHop)
        .testPerHop(testPerHop)
        .allWhereFewerExist(0.2)
        .seed(choices.seed)
        .build();
  }

  private Split heldOut(MultiHopDataset trained, MultiHopDataset beyond) {
    ImmutableMap.Builder<String, Facts> facts = ImmutableMap.builder();
    IntStream.rangeClosed(2, choices.hops)
        .forEach(hops -> facts.put(hops + " hops", trained.test(hops)));
    BEYOND.forEach(hops -> facts.put(hops + " hops", beyond.test(hops)));
    return Split.of(facts.buildOrThrow());
  }

  private static long seconds(Instant start) {
    return Duration.between(start, Instant.now()).toSeconds();
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
