package io.github.recurrent.checkpoint;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
import org.jspecify.annotations.Nullable;

/**
 * Reads the pickle of a PyTorch file: dicts, lists, tuples, strings, numbers and tensors. A value
 * of any other type comes out as an {@link Opaque} one; its name is looked up nowhere and nothing
 * is called, so that no name in the file reaches a constructor of the base class, whose table of
 * them is global and open.
 *
 * <p>Tensors come out as {@link TorchTensor}; no value of theirs is read here. An instance reads
 * one pickle, and takes no more memory than some times its length.
 */
final class StateDictUnpickler extends Unpickler {
  private static final ImmutableMap<String, IObjectConstructor> CONSTRUCTORS =
      ImmutableMap.of(
          "collections.OrderedDict",
          StateDictUnpickler::dict,
          "torch.Size",
          arguments -> arguments[0],
          "torch._utils._rebuild_tensor",
          StateDictUnpickler::tensor,
          "torch._utils._rebuild_tensor_v2",
          StateDictUnpickler::tensor,
          "torch._utils._rebuild_parameter",
          arguments -> arguments[0],
          "torch._utils._rebuild_parameter_with_state",
          arguments -> arguments[0]);

  private static final ImmutableMap<String, Object> KNOWN =
      Stream.concat(
              CONSTRUCTORS.entrySet().stream(),
              Arrays.stream(TorchStorageType.values())
                  .map(type -> Map.entry("torch." + type.torchName(), type)))
          .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));

  /** What a value takes on the stack, and then in what it is put into. */
  private static final int SLOT = 16;

  private static final int NUMBER = 24;
  private static final int TEXT = 56;
  private static final int CONTAINER = 64;
  private static final int TENSOR = 200;

  /** What any pickle may take, and what for each of its bytes; a state dict takes a tenth. */
  private static final long BASE_MEMORY = 16L << 20;

  private static final long MEMORY_PER_BYTE = 8;

  /** A value that no state dict needs, of a type with the given name, or the type itself. */
  record Opaque(String name) {}

  /** What the persistent ids of a PyTorch pickle refer to. */
  private record Storage(String key, TorchStorageType type, long length) {}

  private final byte[] pickle;
  private long memory;

  StateDictUnpickler(byte[] pickle) {
    this.pickle = pickle;
    memory = BASE_MEMORY + MEMORY_PER_BYTE * pickle.length;
  }

  /**
   * Returns the object of the pickle, of maps, lists, {@code Object[]} for tuples, strings,
   * numbers, booleans, {@link TorchTensor}s and {@link Opaque} values.
   *
   * @throws PickleException if the pickle is damaged
   */
  Object load() throws PickleException {
    try {
      Object loaded = load(new ByteArrayInputStream(pickle));
      return loaded == null ? new Opaque("None") : loaded;
    } catch (IOException | RuntimeException e) {
      if (e instanceof PickleException rejected) {
        throw rejected;
      }
      throw new PickleException("damaged pickle", e);
    }
  }

  /** Returns the name of the type of a value, as Python has it. */
  static String type(@Nullable Object value) {
    if (value == null) {
      return "None";
    }
    if (value instanceof Opaque opaque) {
      return opaque.name();
    }
    if (value instanceof TorchTensor) {
      return "a tensor";
    }
    return value instanceof Map
        ? "a dict"
        : value instanceof List
            ? "a list"
            : value instanceof Object[]
                ? "a tuple"
                : value instanceof String ? "a string" : "a number";
  }

  @Override
  protected Object dispatch(short key) throws IOException {
    spend(SLOT + cost(key));
    switch (key) {
      case Opcodes.PROTO,
          Opcodes.FRAME,
          Opcodes.STOP,
          Opcodes.MARK,
          Opcodes.POP,
          Opcodes.POP_MARK,
          Opcodes.DUP,
          Opcodes.NONE,
          Opcodes.NEWTRUE,
          Opcodes.NEWFALSE,
          Opcodes.BININT,
          Opcodes.BININT1,
          Opcodes.BININT2,
          Opcodes.LONG1,
          Opcodes.BINFLOAT,
          Opcodes.EMPTY_TUPLE,
          Opcodes.TUPLE,
          Opcodes.TUPLE1,
          Opcodes.TUPLE2,
          Opcodes.TUPLE3,
          Opcodes.EMPTY_LIST,
          Opcodes.LIST,
          Opcodes.EMPTY_DICT,
          Opcodes.BINGET,
          Opcodes.LONG_BINGET,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.MEMOIZE,
          Opcodes.BINPERSID -> {
        return super.dispatch(key);
      }
      case Opcodes.SHORT_BINUNICODE -> stack.add(text(length(1)));
      case Opcodes.BINUNICODE -> stack.add(text(length(4)));
      case Opcodes.BINUNICODE8 -> stack.add(text(length(8)));
      case Opcodes.SHORT_BINBYTES, Opcodes.SHORT_BINSTRING -> skip(length(1), "bytes");
      case Opcodes.BINBYTES, Opcodes.BINSTRING -> skip(length(4), "bytes");
      case Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> skip(length(8), "bytes");
      case Opcodes.LONG4 -> skip(length(4), "int");
      case Opcodes.GLOBAL -> global(PickleUtils.readline(input), PickleUtils.readline(input));
      case Opcodes.STACK_GLOBAL -> {
        String name = (String) stack.pop();
        global((String) stack.pop(), name);
      }
      case Opcodes.INST -> {
        stack.pop_all_since_marker();
        skipLines();
      }
      case Opcodes.OBJ -> stack.add(instance(stack.pop_all_since_marker().get(0)));
      case Opcodes.DICT -> {
        List<Object> items = stack.pop_all_since_marker();
        stack.add(new HashMap<>());
        put(items);
      }
      case Opcodes.EMPTY_SET -> stack.add(new Opaque("set"));
      case Opcodes.FROZENSET -> {
        stack.pop_all_since_marker();
        stack.add(new Opaque("frozenset"));
      }
      case Opcodes.APPEND -> append(Arrays.asList(stack.pop()));
      case Opcodes.APPENDS, Opcodes.ADDITEMS -> append(stack.pop_all_since_marker());
      case Opcodes.SETITEM -> {
        Object value = stack.pop();
        put(Arrays.asList(stack.pop(), value));
      }
      case Opcodes.SETITEMS -> put(stack.pop_all_since_marker());
      case Opcodes.REDUCE, Opcodes.NEWOBJ -> {
        Object arguments = stack.pop();
        stack.add(call(stack.pop(), arguments));
      }
      case Opcodes.NEWOBJ_EX -> {
        stack.pop();
        stack.pop();
        stack.add(instance(stack.pop()));
      }
      case Opcodes.BUILD -> {
        stack.pop();
        build();
      }
      default ->
          throw new PickleException(
              String.format(
                  Locale.ROOT, "pickle instruction 0x%02x has no place in a checkpoint", key));
    }
    return NO_RETURN_VALUE;
  }

  private static int cost(short key) {
    return switch (key) {
      case Opcodes.BININT, Opcodes.BININT2, Opcodes.LONG1, Opcodes.BINFLOAT -> NUMBER;
      case Opcodes.EMPTY_TUPLE, Opcodes.TUPLE, Opcodes.TUPLE1, Opcodes.TUPLE2, Opcodes.TUPLE3 ->
          NUMBER;
      case Opcodes.EMPTY_LIST,
          Opcodes.LIST,
          Opcodes.EMPTY_DICT,
          Opcodes.DICT,
          Opcodes.BINPUT,
          Opcodes.LONG_BINPUT,
          Opcodes.MEMOIZE,
          Opcodes.BINPERSID ->
          CONTAINER;
      case Opcodes.GLOBAL, Opcodes.STACK_GLOBAL, Opcodes.INST -> 2 * TEXT;
      case Opcodes.REDUCE, Opcodes.NEWOBJ -> TENSOR;
      default -> 0;
    };
  }

  /** No few bytes become many objects. */
  private void spend(long bytes) {
    memory -= bytes;
    if (memory < 0) {
      throw new PickleException(
          "a pickle of " + pickle.length + " bytes that holds far more than a state dict does");
    }
  }

  /** Returns a length, which is checked against what is left before memory is taken for it. */
  private int length(int bytes) throws IOException {
    byte[] read = PickleUtils.readbytes(input, bytes);
    long length = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      length = length << 8 | (read[i] & 0xff);
    }
    if (length < 0 || length > input.available()) {
      throw new PickleException(
          "a value of "
              + Long.toUnsignedString(length)
              + " bytes, but "
              + input.available()
              + " are left");
    }
    return (int) length;
  }

  private String text(int length) throws IOException {
    spend(TEXT + 2L * length);
    return new String(PickleUtils.readbytes(input, length), StandardCharsets.UTF_8);
  }

  private void skip(int length, String type) throws IOException {
    input.skipNBytes(length);
    stack.add(new Opaque(type));
  }

  private void skipLines() throws IOException {
    String module = PickleUtils.readline(input);
    stack.add(new Opaque(module + "." + PickleUtils.readline(input)));
  }

  private void global(String module, String name) {
    String qualified = module + "." + name;
    Object known = KNOWN.get(qualified);
    stack.add(known == null ? new Opaque(qualified) : known);
  }

  private static @Nullable Object call(Object function, Object arguments) {
    return function instanceof IObjectConstructor constructor && arguments instanceof Object[] tuple
        ? constructor.construct(tuple)
        : instance(function);
  }

  private static Object instance(Object type) {
    return type instanceof Opaque ? type : new Opaque("an unknown type");
  }

  private void append(List<Object> values) {
    Object target = stack.peek();
    if (target instanceof List) {
      @SuppressWarnings("unchecked")
      List<Object> list = (List<Object>) target;
      list.addAll(values);
    } else if (!(target instanceof Opaque)) {
      throw new PickleException("values are added to what is not a list");
    }
  }

  private void put(List<Object> keysAndValues) {
    spend((long) CONTAINER * keysAndValues.size() / 2);
    Object target = stack.peek();
    if (target instanceof Map) {
      @SuppressWarnings("unchecked")
      Map<Object, Object> dict = (Map<Object, Object>) target;
      putAll(dict, keysAndValues);
    } else if (!(target instanceof Opaque)) {
      throw new PickleException("entries are added to what is not a dict");
    }
  }

  /**
   * Leaves out keys that are not plain values, which name nothing that a checkpoint needs, so that
   * hashing one cannot run away over nested containers.
   */
  private static void putAll(Map<Object, Object> dict, List<Object> keysAndValues) {
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      Object key = keysAndValues.get(i);
      if (key instanceof String || key instanceof Number || key instanceof Boolean) {
        dict.put(key, keysAndValues.get(i + 1));
      }
    }
  }

  /** A state dict carries attributes about its modules' versions, which say nothing of values. */
  private void build() {
    Object target = stack.peek();
    if (!(target instanceof Map || target instanceof Opaque || target instanceof TorchTensor)) {
      throw new PickleException("what is not an object has attributes");
    }
  }

  @Override
  protected Object persistentLoad(Object id) {
    Object[] parts = (Object[]) id;
    if (!"storage".equals(parts[0])) {
      throw new PickleException("a persistent id refers to no storage");
    }
    return parts[1] instanceof TorchStorageType type
        ? new Storage((String) parts[2], type, ((Number) parts[4]).longValue())
        : new Opaque("a tensor in " + type(parts[1]));
  }

  /** Builds an ordered dict, which may be given its entries as a list of pairs. */
  private static Object dict(Object[] arguments) {
    Map<Object, Object> dict = new HashMap<>();
    if (arguments.length > 0 && arguments[0] instanceof Iterable<?> pairs) {
      for (Object pair : pairs) {
        putAll(
            dict,
            pair instanceof List<?> list ? new ArrayList<>(list) : Arrays.asList((Object[]) pair));
      }
    }
    return dict;
  }

  private static Object tensor(Object[] arguments) {
    if (!(arguments[0] instanceof Storage storage)) {
      return instance(arguments[0]);
    }
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
