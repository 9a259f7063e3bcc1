package io.github.recurrent.tf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import io.github.recurrent.checkpoint.Checkpoint;
import io.github.recurrent.checkpoint.Checkpoint.TrainingState;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds a checkpoint to the model and the data of the training that starts from it. Equal shapes
 * are not enough: parameters mean something only beside the choices and the tokens they were
 * trained with.
 */
final class StartingPoint {
  private static final Logger LOG = System.getLogger(Trainer.class.getName());
  private static final String EMBEDDING = "token_embedding.weight";
  private static final int NAMED_TOKENS = 3;

  /** The choices of a run without which it cannot repeat the batches and sums of another. */
  private static final ImmutableList<String> REPEATED =
      ImmutableList.of("data", "seed", "batch", "label smoothing", "precision", "device");

  /**
   * The fields of a specification that are part of the function its parameters compute. How many
   * iterations they are trained with, and how they were first drawn, is up to the training.
   */
  private static final ImmutableMap<String, Function<RecurrentDepthTransformer, Object>> FUNCTION =
      ImmutableMap.<String, Function<RecurrentDepthTransformer, Object>>builder()
          .put("vocabularySize", RecurrentDepthTransformer::vocabularySize)
          .put("width", RecurrentDepthTransformer::width)
          .put("layers", RecurrentDepthTransformer::layers)
          .put("heads", RecurrentDepthTransformer::heads)
          .put("positions", RecurrentDepthTransformer::positions)
          .put("maxPositions", StartingPoint::learnedPositions)
          .put("attentionSlopes", RecurrentDepthTransformer::attentionSlopes)
          .put("readPosition", RecurrentDepthTransformer::readPosition)
          .put("inputInjection", RecurrentDepthTransformer::inputInjection)
          .buildOrThrow();

  private StartingPoint() {}

  /**
   * Positions that are not learned are not parameters: their greatest number only bounds queries.
   */
  private static int learnedPositions(RecurrentDepthTransformer model) {
    return model.positions() == PositionEncoding.LEARNED ? model.maxPositions() : 0;
  }

  /**
   * Refuses a checkpoint whose parameters would compute something else in a model.
   *
   * @throws IllegalArgumentException with the name and both values of all that differs
   */
  static void requireSameFunction(Checkpoint checkpoint, RecurrentDepthTransformer model) {
    List<String> differences = new ArrayList<>();
    FUNCTION.forEach(
        (name, field) -> {
          Object found = field.apply(checkpoint.model());
          Object wanted = field.apply(model);
          if (!found.equals(wanted)) {
            differences.add(name + " is " + found + " there and " + wanted + " here");
          }
        });
    checkArgument(
        differences.isEmpty(),
        "the checkpoint to start from is of another model: %s",
        String.join(", ", differences));
  }

  /**
   * Returns the checkpoint with its tokens in the order of the data's. Where the order differs, the
   * rows of the embedding and of its moments move with their tokens, so that the model's function
   * of tokens stays the same.
   *
   * @throws IllegalArgumentException if one of them has a token that the other lacks
   */
  static Checkpoint inOrderOf(Vocabulary wanted, Checkpoint checkpoint) {
    Vocabulary found = checkpoint.vocabulary();
    if (found.equals(wanted)) {
      return checkpoint;
    }
    Set<String> here = Set.copyOf(wanted.tokens());
    Set<String> there = Set.copyOf(found.tokens());
    checkArgument(
        here.equals(there),
        "the checkpoint to start from is of other tokens: the data has %s that it lacks (%s), and"
            + " lacks %s that it has (%s)",
        Sets.difference(here, there).size(),
        some(wanted, there),
        Sets.difference(there, here).size(),
        some(found, here));
    int[] rows = wanted.tokens().stream().mapToInt(found::id).toArray();
    LOG.log(
        Level.INFO,
        "The checkpoint to start from has the data's "
            + wanted.size()
            + " tokens in another order; its embeddings were moved to the tokens of the same names");
    return Checkpoint.builder()
        .from(checkpoint)
        .vocabulary(wanted)
        .parameters(reordered(checkpoint.model(), checkpoint.parameters(), rows))
        .trainingState(
            checkpoint
                .trainingState()
                .map(
                    state ->
                        TrainingState.builder()
                            .from(state)
                            .firstMoments(reordered(checkpoint.model(), state.firstMoments(), rows))
                            .secondMoments(
                                reordered(checkpoint.model(), state.secondMoments(), rows))
                            .build()))
        .build();
  }

  /** Some of a vocabulary's tokens that are not among others. */
  private static String some(Vocabulary vocabulary, Set<String> others) {
    List<String> missing =
        vocabulary.tokens().stream()
            .filter(token -> !others.contains(token))
            .limit(NAMED_TOKENS + 1)
            .toList();
    String named = missing.stream().limit(NAMED_TOKENS).collect(Collectors.joining(" "));
    return missing.isEmpty() ? "none" : named + (missing.size() > NAMED_TOKENS ? " …" : "");
  }

  /** The parameters with row {@code rows[id]} of the embedding moved to row {@code id}. */
  private static Parameters reordered(
      RecurrentDepthTransformer model, Parameters parameters, int[] rows) {
    Map<String, float[]> values = new HashMap<>();
    for (String name : parameters.shapes().keySet()) {
      FloatBuffer given = parameters.values(name);
      float[] copy = new float[given.remaining()];
      if (name.equals(EMBEDDING)) {
        int width = model.width();
        for (int id = 0; id < rows.length; id++) {
          given.get(rows[id] * width, copy, id * width, width);
        }
      } else {
        given.get(copy);
      }
      values.put(name, copy);
    }
    return Parameters.of(model, values);
  }

  /**
   * Refuses to go on with the state of a training of another kind: its stage and epoch would be
   * taken for others.
   *
   * @param schedule that of this training
   * @throws IllegalArgumentException if the checkpoint's training had a schedule of another type
   */
  static void requireSameKind(Checkpoint checkpoint, String schedule) {
    if (checkpoint.trainingState().isEmpty()) {
      return;
    }
    String before = checkpoint.provenance().getOrDefault("schedule", schedule);
    checkArgument(
        kind(before).equals(kind(schedule)),
        "the checkpoint to start from is in the middle of a training by %s, which one by %s cannot"
            + " continue; to start from its parameters alone, give it without its training state:"
            + " Checkpoint.builder().from(checkpoint).trainingState(Optional.empty()).build()",
        kind(before),
        kind(schedule));
  }

  /** The type that wrote a schedule as text. */
  private static String kind(String schedule) {
    int end = schedule.indexOf('{');
    return end < 0 ? schedule : schedule.substring(0, end);
  }

  /** Says in one line with which other choices a training goes on, if there are any. */
  static void tellChanges(Checkpoint checkpoint, ImmutableMap<String, String> configuration) {
    if (checkpoint.trainingState().isEmpty()) {
      return;
    }
    String changes =
        REPEATED.stream()
            .filter(checkpoint.provenance()::containsKey)
            .filter(
                name -> !Objects.equals(checkpoint.provenance().get(name), configuration.get(name)))
            .map(
                name ->
                    name
                        + " was "
                        + checkpoint.provenance().get(name)
                        + " and is "
                        + configuration.get(name))
            .collect(Collectors.joining(", "));
    if (!changes.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "The training goes on with other choices than it began with, and so not as if it had not"
              + " stopped: "
              + changes);
    }
  }
}
