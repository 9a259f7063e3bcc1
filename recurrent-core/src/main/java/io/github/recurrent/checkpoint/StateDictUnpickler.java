package io.github.recurrent.checkpoint;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the pickle of a PyTorch file and nothing else: only the instructions {@code torch.save}
 * writes and the types a state dict needs are let through, so that no name in the file reaches a
 * constructor of the base class, whose table of them is global and open.
 *
 * <p>Tensors come out as {@link TorchTensor}; no value is read here. An instance reads one pickle.
 */
final class StateDictUnpickler extends Unpickler {
  private static final ImmutableMap<String, Object> ALLOWED =
      Stream.concat(
              Stream.<Map.Entry<String, Object>>of(
                  Map.entry("collections.OrderedDict", constructor(StateDictUnpickler::dict)),
                  Map.entry("torch.Size", constructor(arguments -> arguments[0])),
                  Map.entry(
                      "torch._utils._rebuild_tensor_v2", constructor(StateDictUnpickler::tensor)),
                  Map.entry(
                      "torch._utils._rebuild_parameter",
                      constructor(arguments -> (TorchTensor) arguments[0]))),
              Arrays.stream(TorchStorageType.values())
                  .map(type -> Map.<String, Object>entry("torch." + type.torchName(), type)))
          .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));

  /** What the persistent ids of a PyTorch pickle refer to. */
  private record Storage(String key, TorchStorageType type, long length) {}

  private final byte[] pickle;

  StateDictUnpickler(byte[] pickle) {
    this.pickle = pickle;
  }

  /**
   * Returns the object of the pickle, of maps, lists, {@code Object[]} for tuples, strings,
   * numbers, booleans and {@link TorchTensor}s.
   *
   * @throws PickleException if the pickle is damaged, or names anything beyond the allowed types
   */
  Object load() throws PickleException {
    try {
      return load(new ByteArrayInputStream(pickle));
    } catch (IOException | RuntimeException e) {
      if (e instanceof PickleException rejected) {
        throw rejected;
      }
      throw new PickleException("damaged pickle", e);
    }
  }

  @Override
  protected Object dispatch(short key) throws IOException {
    switch (key) {
      case Opcodes.PROTO,
          Opcodes.FRAME,
          Opcodes.STOP,
          Opcodes.MARK,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.LONG1,
          Opcodes.BINFLOAT,
          Opcodes.SHORT_BINUNICODE,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.EMPTY_LIST,
          Opcodes.APPEND,
          Opcodes.APPENDS,
          Opcodes.EMPTY_DICT,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.MEMOIZE,
          Opcodes.BINPERSID,
          Opcodes.REDUCE -> {
        return super.dispatch(key);
      }
      case Opcodes.BINUNICODE -> stack.add(text());
      case Opcodes.GLOBAL -> global(PickleUtils.readline(input), PickleUtils.readline(input));
      case Opcodes.STACK_GLOBAL -> {
        String name = (String) stack.pop();
        global((String) stack.pop(), name);
      }
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        put(List.of(stack.pop(), value));
      }
      case Opcodes.SETITEMS -> put(stack.pop_all_since_marker());
      case Opcodes.BUILD -> build(stack.pop());
      default ->
          throw new PickleException(
              String.format(
                  Locale.ROOT, "pickle instruction 0x%02x has no place in a checkpoint", key));
    }
    return NO_RETURN_VALUE;
  }

  /** The length is checked against what is left, before memory is taken for it. */
  private String text() throws IOException {
    int length = PickleUtils.bytes_to_integer(PickleUtils.readbytes(input, 4));
    if (length < 0 || length > input.available()) {
      throw new PickleException(
          "a text of " + (length & 0xffffffffL) + " bytes, but " + input.available() + " are left");
    }
    return new String(PickleUtils.readbytes(input, length), StandardCharsets.UTF_8);
  }

  private void global(String module, String name) {
    Object allowed = ALLOWED.get(module + "." + name);
    if (allowed == null) {
      throw new PickleException(
          "the file names "
              + module
              + "."
              + name
              + ", which no checkpoint needs; nothing of it was run. Allowed are "
              + ALLOWED.keySet());
    }
    stack.add(allowed);
  }

  /** Keys are plain values, so that hashing one cannot run away over nested containers. */
  @SuppressWarnings("unchecked")
  private void put(List<Object> keysAndValues) {
    Map<Object, Object> target = (Map<Object, Object>) stack.peek();
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      Object key = keysAndValues.get(i);
      if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
        throw new PickleException("a dict has a key that is no text and no number");
      }
      target.put(key, keysAndValues.get(i + 1));
    }
  }

  /** A state dict carries attributes about its modules' versions, which say nothing of values. */
  private void build(Object attributes) {
    if (!(stack.peek() instanceof Map && attributes instanceof Map)) {
      throw new PickleException("only a dict may have attributes in a checkpoint");
    }
  }

  @Override
  protected Object persistentLoad(Object id) {
    Object[] parts = (Object[]) id;
    if (!"storage".equals(parts[0])) {
      throw new PickleException("a persistent id refers to no storage");
    }
    return new Storage(
        (String) parts[2], (TorchStorageType) parts[1], ((Number) parts[4]).longValue());
  }

  private static IObjectConstructor constructor(IObjectConstructor constructor) {
    return constructor;
  }

  private static Object dict(Object[] arguments) {
    if (arguments.length > 0) {
      throw new PickleException("an OrderedDict is built from arguments, not item by item");
    }
    return new HashMap<>();
  }

  private static Object tensor(Object[] arguments) {
    Storage storage = (Storage) arguments[0];
    return new TorchTensor(
        storage.key(),
        storage.type(),
        storage.length(),
        ((Number) arguments[1]).longValue(),
        longs((Object[]) arguments[2]),
        longs((Object[]) arguments[3]));
  }

  private static ImmutableLongArray longs(Object[] numbers) {
    return ImmutableLongArray.copyOf(
        Arrays.stream(numbers).mapToLong(number -> ((Number) number).longValue()));
  }
}
