package io.github.recurrent.checkpoint;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Sets;
import io.github.recurrent.dataset.Vocabulary;
import io.github.recurrent.model.Parameters;
import io.github.recurrent.model.PositionEncoding;
import io.github.recurrent.model.RecurrentDepthTransformer;
import io.github.recurrent.model.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.razorvine.pickle.PickleException;

/**
 * Reads the checkpoints of the published models: zip files written by {@code torch.save}, which
 * hold a state dict, alone or as {@code model_state_dict} beside the state of the training.
 *
 * <p>Such a file is a program that could do anything when PyTorch loads it. Reading it here runs
 * none of it: a file that names more than the few types a state dict needs is rejected.
 */
public final class PyTorchCheckpoint {
  private static final String STATE_DICT = "model_state_dict";
  private static final String COMPILED_PREFIX = "_orig_mod.";
  private static final String TOKEN_EMBEDDING = "token_embedding.weight";
  private static final String HEAD = "lm_head.weight";
  private static final String SINUSOIDS = "pe";
  private static final Pattern MASK = Pattern.compile("blocks\\.\\d+\\.attn\\.(bias|masked_bias)");

  private static final float SINUSOID_TOLERANCE = 1e-3f;

  private PyTorchCheckpoint() {}

  /**
   * Returns the checkpoint in a file, without the state of its training; what the file tells of
   * that, such as the epoch, goes into the provenance.
   *
   * @param model the specification, which the file does not hold; every parameter's name and shape
   *     is checked against it
   * @throws CheckpointFormatException if the file is damaged, holds other parameters than the model
   *     has, has a head that is not the token embedding, or names a type no checkpoint needs
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
      Map<String, TorchTensor> tensors = tensors(file, root);
      checkNames(file, model, tensors);
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
          .parameters(Parameters.of(model, values))
          .provenance(provenance(file, root))
          .build();
    }
  }

  private static Map<?, ?> root(Path file, TorchArchive archive) throws IOException {
    Object root;
    try {
      root = new StateDictUnpickler(archive.pickle()).load();
    } catch (PickleException e) {
      throw new CheckpointFormatException(file, "data.pkl: " + e.getMessage(), e);
    }
    if (root instanceof Map<?, ?> dict) {
      return dict;
    }
    throw new CheckpointFormatException(file, "must hold a dict, but does not");
  }

  private static Map<String, TorchTensor> tensors(Path file, Map<?, ?> root) throws IOException {
    Object found = root.containsKey(STATE_DICT) ? root.get(STATE_DICT) : root;
    if (!(found instanceof Map<?, ?> stateDict)) {
      throw new CheckpointFormatException(file, STATE_DICT + " must be a dict, but is not");
    }
    Map<String, TorchTensor> tensors = new TreeMap<>();
    for (Map.Entry<?, ?> entry : stateDict.entrySet()) {
      String key = String.valueOf(entry.getKey());
      if (!(entry.getValue() instanceof TorchTensor tensor)) {
        throw new CheckpointFormatException(
            file, "\"" + key + "\" of the state dict must be a tensor, but is not");
      }
      String name = key.startsWith(COMPILED_PREFIX) ? key.substring(COMPILED_PREFIX.length()) : key;
      if (tensors.put(name, tensor) != null) {
        throw new CheckpointFormatException(
            file, "holds " + name + " twice, with and without " + COMPILED_PREFIX);
      }
    }
    return tensors;
  }

  private static void checkNames(
      Path file, RecurrentDepthTransformer model, Map<String, TorchTensor> tensors)
      throws IOException {
    ImmutableMap<String, Shape> shapes = model.parameterShapes();
    Sets.SetView<String> missing = Sets.difference(shapes.keySet(), tensors.keySet());
    if (!missing.isEmpty()) {
      throw new CheckpointFormatException(
          file, "lacks " + missing + ", which the model has; it holds " + tensors.keySet());
    }
    for (String name : tensors.keySet()) {
      boolean sinusoids =
          name.equals(SINUSOIDS) && model.positions() == PositionEncoding.SINUSOIDAL;
      if (!(shapes.containsKey(name)
          || name.equals(HEAD)
          || sinusoids
          || MASK.matcher(name).matches())) {
        throw new CheckpointFormatException(
            file,
            "holds "
                + name
                + " "
                + tensor(file, tensors, name).sizes()
                + ", but the model, of "
                + model.layers()
                + " layers with positions "
                + model.positions()
                + ", has no such parameter");
      }
    }
  }

  private static void checkShape(Path file, String name, TorchTensor tensor, Shape expected)
      throws IOException {
    if (!Arrays.equals(
        tensor.sizes().toArray(), Arrays.stream(expected.toArray()).asLongStream().toArray())) {
      throw new CheckpointFormatException(
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
      throw new CheckpointFormatException(
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
      throw new CheckpointFormatException(
          file, SINUSOIDS + " has shape " + tensor.sizes() + ", but the model's is " + expected);
    }
    float[] found = archive.values(SINUSOIDS, tensor);
    float[] sinusoids = PositionEncoding.sinusoids(positions, model.width());
    for (int i = 0; i < found.length; i++) {
      if (!(Math.abs(found[i] - sinusoids[i]) <= SINUSOID_TOLERANCE)) {
        throw new CheckpointFormatException(
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
      throw new CheckpointFormatException(file, "lacks " + name);
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
}
