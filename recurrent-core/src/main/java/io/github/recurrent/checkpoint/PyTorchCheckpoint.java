package io.github.recurrent.checkpoint;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import com.google.common.collect.Sets;
import com.google.common.primitives.Ints;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.file.FileFormatException;
import io.github.recurrent.model.Parameters.Shape;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.razorvine.pickle.PickleException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the checkpoints of the published models: zip files written by {@code torch.save}, which
 * hold a state dict, alone or as {@code model_state_dict}, {@code state_dict} or {@code model}
 * beside the state of the training. What compilation, distributed training and trainers put in
 * front of names ({@code _orig_mod.}, {@code module.}, {@code model.}) is taken off.
 *
 * <p>Such a file is a program that could do anything when PyTorch loads it. Reading it here runs
 * none of it: values of other types than a state dict needs are skipped, and their names are looked
 * up nowhere.
 */
public final class PyTorchCheckpoint {
  private static final String TOKEN_EMBEDDING = "token_embedding.weight";
  private static final String HEAD = "lm_head.weight";
  private static final String POSITION_EMBEDDING = "position_embedding.weight";
  private static final String SINUSOIDS = "pe";

  /** How many names a message lists. */
  private static final int MOST_NAMES = 20;

  private static final Pattern MASK = Pattern.compile("blocks\\.\\d+\\.attn\\.(bias|masked_bias)");

  private static final float SINUSOID_TOLERANCE = 1e-3f;

  private PyTorchCheckpoint() {}

  /**
   * Returns the checkpoint in a file, without the state of its training; what the file tells of
   * that, such as the epoch, goes into the provenance.
   *
   * @param model the specification, which the file does not hold; every parameter's name and shape
   *     is checked against it
   * @throws FileFormatException if the file is damaged, holds other parameters than the model has,
   *     has a head that is not the token embedding, or a weight that is NaN or infinite
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if the vocabulary has another size than the model's
   */
  public static Checkpoint read(Path file, RecurrentDepthTransformer model, Vocabulary vocabulary)
      throws IOException {
    checkArgument(
        vocabulary.size() == model.vocabularySize(),
        "the vocabulary has %s tokens, but the model is for %s",
        vocabulary.size(),
        model.vocabularySize());
    try (TorchArchive archive = TorchArchive.open(file)) {
      Map<?, ?> root = root(file, archive);
      StateDict stateDict = StateDict.of(file, root);
      Map<String, TorchTensor> tensors = stateDict.tensors();
      checkKind(file, root, stateDict, model);
      checkNames(file, model, stateDict);
      Map<String, float[]> values = new HashMap<>();
      for (Map.Entry<String, Shape> parameter : model.parameterShapes().entrySet()) {
        String name = parameter.getKey();
        TorchTensor tensor = tensor(file, tensors, name);
        checkShape(file, name, tensor, parameter.getValue());
        values.put(name, archive.values(name, tensor));
      }
      checkTied(file, archive, tensors, model, values);
      checkSinusoids(file, archive, tensors, model);
      return Checkpoint.builder()
          .model(model)
          .vocabulary(vocabulary)
          .parameters(FiniteParameters.of(file, model, values))
          .provenance(provenance(file, root))
          .build();
    }
  }

  /**
   * Returns what a file holds, without reading any value of a parameter.
   *
   * @throws FileFormatException if the file is damaged, or holds no model of this kind
   * @throws IOException if the file cannot be read
   */
  public static Contents describe(Path file) throws IOException {
    try (TorchArchive archive = TorchArchive.open(file)) {
      Map<?, ?> root = root(file, archive);
      return describe(file, root, StateDict.of(file, root));
    }
  }

  private static Contents describe(Path file, Map<?, ?> root, StateDict stateDict)
      throws IOException {
    Map<String, TorchTensor> tensors = stateDict.tensors();
    List<Integer> embedding = sizes(tensors.get(TOKEN_EMBEDDING));
    int layers = 0;
    while (tensors.containsKey("blocks." + layers + ".ln_1.weight")) {
      layers++;
    }
    String type = stateDict.others().get(TOKEN_EMBEDDING);
    if (type != null) {
      throw new FileFormatException(
          file, TOKEN_EMBEDDING + " must be a dense tensor of floats, but is " + type);
    }
    if (embedding.size() != 2 || layers == 0) {
      throw new FileFormatException(
          file,
          "holds no model of this kind, which has "
              + TOKEN_EMBEDDING
              + " of two dimensions and blocks.0.ln_1.weight; it holds "
              + (tensors.isEmpty() ? "no tensors" : "the tensors " + some(tensors.keySet()))
              + (stateDict.others().isEmpty() ? "" : " and " + some(stateDict.others().keySet())));
    }
    List<Integer> learned = sizes(tensors.get(POSITION_EMBEDDING));
    List<Integer> sinusoids = sizes(tensors.get(SINUSOIDS));
    PositionEncoding positions =
        !learned.isEmpty()
            ? PositionEncoding.LEARNED
            : !sinusoids.isEmpty() ? PositionEncoding.SINUSOIDAL : PositionEncoding.NONE;
    return new Contents(
        layers,
        embedding.get(1),
        embedding.get(0),
        positions,
        switch (positions) {
          case NONE -> 0;
          case LEARNED -> learned.get(0);
          case SINUSOIDAL -> sinusoids.get(Math.max(0, sinusoids.size() - 2));
        },
        provenance(file, root));
  }

  private static List<Integer> sizes(@Nullable TorchTensor tensor) {
    return tensor == null
        ? List.of()
        : tensor.sizes().asList().stream().map(Ints::saturatedCast).toList();
  }

  private static String some(Set<String> names) {
    return names.size() <= MOST_NAMES
        ? names.toString()
        : Iterables.limit(names, MOST_NAMES) + " and " + (names.size() - MOST_NAMES) + " more";
  }

  private static Map<?, ?> root(Path file, TorchArchive archive) throws IOException {
    Object root;
    try {
      root = new StateDictUnpickler(archive.pickle()).load();
    } catch (PickleException e) {
      throw new FileFormatException(file, "data.pkl: " + e.getMessage(), e);
    }
    if (root instanceof Map<?, ?> dict) {
      return dict;
    }
    throw new FileFormatException(
        file,
        "data.pkl must hold a dict of tensors, such as model.state_dict(), but holds "
            + StateDictUnpickler.type(root)
            + "; nothing of it was run");
  }

  /** A wrong guess at the model is told by what the file holds, rather than by all it lacks. */
  private static void checkKind(
      Path file, Map<?, ?> root, StateDict stateDict, RecurrentDepthTransformer model)
      throws IOException {
    Contents found = describe(file, root, stateDict);
    boolean samePositions =
        found.positions() == model.positions()
            && (model.positions() == PositionEncoding.NONE
                || found.maxPositions() == model.maxPositions());
    if (found.layers() != model.layers()
        || found.width() != model.width()
        || found.vocabularySize() != model.vocabularySize()
        || !(samePositions || model.positions() == PositionEncoding.SINUSOIDAL)) {
      throw new FileFormatException(
          file, "holds " + found + ", but the model is of " + Contents.of(model));
    }
  }

  private static void checkNames(Path file, RecurrentDepthTransformer model, StateDict stateDict)
      throws IOException {
    Map<String, TorchTensor> tensors = stateDict.tensors();
    ImmutableMap<String, Shape> shapes = model.parameterShapes();
    Set<String> missing = Sets.difference(shapes.keySet(), tensors.keySet()).immutableCopy();
    for (String name : missing) {
      String type = stateDict.others().get(name);
      if (type != null) {
        throw new FileFormatException(
            file, name + " must be a dense tensor of floats, but is " + type);
      }
    }
    if (!missing.isEmpty()) {
      throw new FileFormatException(
          file,
          "lacks " + some(missing) + ", which the model has; it holds " + some(tensors.keySet()));
    }
    for (String name : tensors.keySet()) {
      boolean sinusoids =
          name.equals(SINUSOIDS) && model.positions() == PositionEncoding.SINUSOIDAL;
      if (!(shapes.containsKey(name)
          || name.equals(HEAD)
          || sinusoids
          || MASK.matcher(name).matches())) {
        throw new FileFormatException(
            file,
            "holds "
                + name
                + " "
                + tensor(file, tensors, name).sizes()
                + ", which the model, of "
                + model.layers()
                + " layers with positions "
                + model.positions()
                + ", lacks");
      }
    }
  }

  private static void checkShape(Path file, String name, TorchTensor tensor, Shape expected)
      throws IOException {
    if (!Arrays.equals(
        tensor.sizes().toArray(), Arrays.stream(expected.toArray()).asLongStream().toArray())) {
      throw new FileFormatException(
          file, name + " has shape " + tensor.sizes() + ", but the model's is " + expected);
    }
  }

  private static void checkTied(
      Path file,
      TorchArchive archive,
      Map<String, TorchTensor> tensors,
      RecurrentDepthTransformer model,
      Map<String, float[]> values)
      throws IOException {
    TorchTensor head = tensors.get(HEAD);
    if (head == null || head.equals(tensors.get(TOKEN_EMBEDDING))) {
      return;
    }
    checkShape(file, HEAD, head, Shape.of(model.vocabularySize(), model.width()));
    if (!Arrays.equals(archive.values(HEAD, head), values.get(TOKEN_EMBEDDING))) {
      throw new FileFormatException(
          file, HEAD + " differs from " + TOKEN_EMBEDDING + ", but the model's head is tied to it");
    }
  }

  private static void checkSinusoids(
      Path file,
      TorchArchive archive,
      Map<String, TorchTensor> tensors,
      RecurrentDepthTransformer model)
      throws IOException {
    TorchTensor tensor = tensors.get(SINUSOIDS);
    if (tensor == null) {
      return;
    }
    int positions = model.maxPositions();
    Shape expected = Shape.of(positions, model.width());
    // The buffer may have a dimension of size 1 for the batch.
    long[] sizes = tensor.sizes().stream().filter(size -> size != 1).toArray();
    if (!Arrays.equals(sizes, new long[] {positions, model.width()})) {
      throw new FileFormatException(
          file, SINUSOIDS + " has shape " + tensor.sizes() + ", but the model's is " + expected);
    }
    float[] found = archive.values(SINUSOIDS, tensor);
    float[] sinusoids = PositionEncoding.sinusoids(positions, model.width());
    for (int i = 0; i < found.length; i++) {
      if (!(Math.abs(found[i] - sinusoids[i]) <= SINUSOID_TOLERANCE)) {
        throw new FileFormatException(
            file,
            SINUSOIDS
                + " is "
                + found[i]
                + " at position "
                + i / model.width()
                + ", column "
                + i % model.width()
                + ", but sinusoidal positions have "
                + sinusoids[i]);
      }
    }
  }

  private static TorchTensor tensor(Path file, Map<String, TorchTensor> tensors, String name)
      throws IOException {
    TorchTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new FileFormatException(file, "lacks " + name);
    }
    return tensor;
  }

  private static ImmutableMap<String, String> provenance(Path file, Map<?, ?> root) {
    Map<String, String> known = new TreeMap<>();
    root.forEach(
        (key, value) -> {
          if (value instanceof Number || value instanceof String || value instanceof Boolean) {
            known.put(String.valueOf(key), String.valueOf(value));
          }
        });
    known.put("source", String.valueOf(file.getFileName()));
    known.put("format", "PyTorch");
    return ImmutableMap.copyOf(known);
  }

  /**
   * What a file tells of the model whose parameters it holds. The number of heads, the read
   * position and the recurrence show in no parameter. Immutable and thread-safe.
   *
   * @param layers the number of layers of the shared stack
   * @param width the width of the hidden state
   * @param vocabularySize the number of tokens, {@code <pad>} included
   * @param positions how positions are encoded
   * @param maxPositions the number of positions; 0 without positions
   * @param provenance the plain values that are saved beside the parameters, such as the epoch
   */
  public record Contents(
      int layers,
      int width,
      int vocabularySize,
      PositionEncoding positions,
      int maxPositions,
      ImmutableMap<String, String> provenance) {
    /**
     * Returns a builder of a specification with all that the file tells; the number of heads, and
     * whatever else differs from the defaults, is to be set.
     */
    public RecurrentDepthTransformer.Builder model() {
      RecurrentDepthTransformer.Builder model =
          RecurrentDepthTransformer.builder()
              .vocabularySize(vocabularySize)
              .width(width)
              .layers(layers)
              .positions(positions);
      return positions == PositionEncoding.NONE ? model : model.maxPositions(maxPositions);
    }

    /** Returns such as {@code 2 layers of width 48, vocabulary 217, no positions}. */
    @Override
    public String toString() {
      return layers
          + (layers == 1 ? " layer" : " layers")
          + " of width "
          + width
          + ", vocabulary "
          + vocabularySize
          + ", "
          + switch (positions) {
            case NONE -> "no positions";
            case LEARNED -> maxPositions + " learned positions";
            case SINUSOIDAL -> maxPositions + " sinusoidal positions";
          };
    }

    private static Contents of(RecurrentDepthTransformer model) {
      return new Contents(
          model.layers(),
          model.width(),
          model.vocabularySize(),
          model.positions(),
          model.maxPositions(),
          ImmutableMap.of());
    }
  }
}
