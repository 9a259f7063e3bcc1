package io.github.recurrent.checkpoint;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import io.github.recurrent.file.FileFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a PyTorch file under the names that the model itself has for them, wherever in the
 * file they are and whatever wrapped the model.
 *
 * @param others the types of what stands among the tensors and is not one, by name
 */
record StateDict(Map<String, TorchTensor> tensors, Map<String, String> others) {
  /** What files hold the state dict under, beside other things. */
  private static final ImmutableSet<String> KEYS =
      ImmutableSet.of("model_state_dict", "state_dict", "model");

  /** What stands in front of names, put there by distributed training, compilation and trainers. */
  private static final ImmutableSet<String> PREFIXES =
      ImmutableSet.of("module", "_orig_mod", "model", "_forward_module");

  /** What stands within names where a part of the model is wrapped. */
  private static final ImmutableSet<String> WRAPPERS =
      ImmutableSet.of("module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module");

  private static final Splitter DOTS = Splitter.on('.');
  private static final Joiner WITH_DOTS = Joiner.on('.');
  private static final int DEEPEST = 8;

  static StateDict of(Path file, Map<?, ?> root) throws IOException {
    Map<?, ?> found = root;
    for (int depth = 0; depth < DEEPEST; depth++) {
      Map<?, ?> within = within(found);
      if (within == null) {
        break;
      }
      found = within;
    }
    TreeMap<String, TorchTensor> tensors = new TreeMap<>();
    Map<String, String> others = new HashMap<>();
    for (Map.Entry<?, ?> entry : found.entrySet()) {
      String key = String.valueOf(entry.getKey());
      String name = bare(key);
      if (!(entry.getValue() instanceof TorchTensor tensor)) {
        others.put(name, StateDictUnpickler.type(entry.getValue()));
      } else if (tensors.put(name, tensor) != null) {
        throw new FileFormatException(file, "holds " + name + " twice, one of them as " + key);
      }
    }
    return new StateDict(tensors, others);
  }

  private static @Nullable Map<?, ?> within(Map<?, ?> dict) {
    for (String key : KEYS) {
      if (dict.get(key) instanceof Map<?, ?> inner) {
        return inner;
      }
    }
    return null;
  }

  private static String bare(String key) {
    List<String> parts = new ArrayList<>();
    for (String part : DOTS.split(key)) {
      boolean wrapper = WRAPPERS.contains(part) || (parts.isEmpty() && PREFIXES.contains(part));
      if (!wrapper) {
        parts.add(part);
      }
    }
    return WITH_DOTS.join(parts);
  }
}
