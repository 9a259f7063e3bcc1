package io.github.recurrent.checkpoint;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * A model with its vocabulary and parameters, where it came from, and, for a run that may go on,
 * the state of its training. Immutable and thread-safe.
 */
@Value.Immutable
public abstract class Checkpoint {
  Checkpoint() {}

  /** Returns a builder; model, vocabulary and parameters must be given. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the checkpoint in a folder that {@link #write} wrote.
   *
   * <p>Every file is checked before anything is returned: names and shapes against the
   * specification, contents against the hashes in {@code config.json}, and all values must be
   * finite. If a write was interrupted, this is the checkpoint before it.
   *
   * @throws FileFormatException if a file is damaged, missing or of another checkpoint, or the
   *     folder is of a format version this library does not know
   * @throws IOException if the folder does not exist or a file cannot be read
   */
  public static Checkpoint read(Path folder) throws IOException {
    return CheckpointFolder.of(folder).read();
  }

  /**
   * Returns whether a folder holds a checkpoint that {@link #write} wrote, also if a later write
   * was interrupted; it may be damaged.
   *
   * @throws IOException if the folder cannot be read
   */
  public static boolean isIn(Path folder) throws IOException {
    return CheckpointFolder.of(folder).exists();
  }

  /**
   * Returns the provenance of the checkpoint in a folder that {@link #write} wrote, without reading
   * its tensors.
   *
   * @throws FileFormatException if {@code config.json} is damaged, missing or of a format version
   *     this library does not know
   * @throws IOException if the folder does not exist or the file cannot be read
   */
  public static ImmutableMap<String, String> readProvenance(Path folder) throws IOException {
    return CheckpointFolder.of(folder).provenance();
  }

  /**
   * Writes this checkpoint as a folder of {@code config.json}, {@code vocab.json}, {@code
   * parameters.safetensors} and, with a training state, {@code first_moments.safetensors} and
   * {@code second_moments.safetensors}.
   *
   * <p>The files are written aside and take their place together when they are complete; a
   * checkpoint that was there is replaced as a whole. Interrupted at any moment, the old or the new
   * checkpoint can be read, and so it can while it is being replaced. Other files in the folder are
   * kept. The folder may be a mount point, or a symbolic link, which stays one. Only one writer may
   * write to a folder at a time.
   *
   * @throws IllegalArgumentException if a parameter or a moment is NaN or infinite; the message
   *     names the file and the tensor, and the checkpoint that was there stays
   * @throws java.nio.file.DirectoryNotEmptyException if the folder holds other files, and some but
   *     not all files of a checkpoint, which may then be those of something else
   * @throws IOException if it cannot be written; the checkpoint that was there stays then
   */
  public final void write(Path folder) throws IOException {
    CheckpointFolder.of(folder).write(this);
  }

  /** Returns the specification of the model. */
  public abstract RecurrentDepthTransformer model();

  /** Returns the tokens of the model. */
  public abstract Vocabulary vocabulary();

  /** Returns the values of the model's parameters. */
  public abstract Parameters parameters();

  /** Returns how the model was made: data, configuration, seed, library version, by name. */
  public abstract ImmutableMap<String, String> provenance();

  /** Returns the state of the training, if it may go on. */
  public abstract Optional<TrainingState> trainingState();

  @Value.Check
  void check() {
    checkArgument(
        vocabulary().size() == model().vocabularySize(),
        "the vocabulary has %s tokens, but the model is for %s",
        vocabulary().size(),
        model().vocabularySize());
    checkArgument(
        parameters().shapes().equals(model().parameterShapes()),
        "the parameters have shapes %s, but the model is of %s",
        parameters().shapes(),
        model().parameterShapes());
    trainingState()
        .ifPresent(
            state ->
                checkArgument(
                    state.firstMoments().shapes().equals(model().parameterShapes()),
                    "the moments have shapes %s, but the model is of %s",
                    state.firstMoments().shapes(),
                    model().parameterShapes()));
  }

  /** Builds a {@link Checkpoint}. */
  public static final class Builder extends ImmutableCheckpoint.Builder {
    Builder() {}
  }

  /**
   * What a trainer needs, beside the parameters, to continue as if it had not stopped. Random
   * streams need no state: they are addressed by the seed and the step. Immutable and thread-safe.
   */
  @Value.Immutable
  public abstract static class TrainingState {
    TrainingState() {}

    /** Returns a builder; all values without a default must be given. */
    public static Builder builder() {
      return new Builder();
    }

    /** Returns the number of updates made since training began. */
    public abstract long step();

    /** Returns the number of updates the optimizer has made since it was last made fresh. */
    public abstract long optimizerStep();

    /** Returns the number of epochs completed in the current stage. */
    public abstract int epoch();

    /** Returns the number of updates made in the epoch after those; 0 at the end of an epoch. */
    @Value.Default
    public int epochStep() {
      return 0;
    }

    /** Returns the number of updates made after the last stage, while the rate falls. */
    @Value.Default
    public int cooldownStep() {
      return 0;
    }

    /** Returns the curriculum stage: the greatest number of hops trained on. */
    public abstract int stage();

    /** Returns the root seed of the run. */
    public abstract long seed();

    /** Returns the optimizer's running means of the gradients. */
    public abstract Parameters firstMoments();

    /** Returns the optimizer's running means of the squared gradients. */
    public abstract Parameters secondMoments();

    @Value.Check
    void check() {
      checkArgument(step() >= 0, "step must be at least 0, but is %s", step());
      checkArgument(
          optimizerStep() >= 0, "optimizerStep must be at least 0, but is %s", optimizerStep());
      checkArgument(epoch() >= 0, "epoch must be at least 0, but is %s", epoch());
      checkArgument(epochStep() >= 0, "epochStep must be at least 0, but is %s", epochStep());
      checkArgument(
          cooldownStep() >= 0, "cooldownStep must be at least 0, but is %s", cooldownStep());
      checkArgument(stage() >= 1, "stage must be at least 1, but is %s", stage());
      checkArgument(
          firstMoments().shapes().equals(secondMoments().shapes()),
          "first and second moments must have the same shapes");
    }

    /** Builds a {@link TrainingState}. */
    public static final class Builder extends ImmutableTrainingState.Builder {
      Builder() {}
    }
  }
}
