package io.github.recurrent.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.CollectionType;
import com.fasterxml.jackson.databind.type.MapType;
import com.google.common.base.Ascii;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.recurrent.internal.json.JsonFields;
import io.github.recurrent.internal.json.ModelJson;
import io.github.recurrent.model.RecurrentDepthTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Binds records to JSON objects: a field for each component, in snake case. A figure that does not
 * exist is NaN in a record and {@code null} in JSON.
 */
final class Binding {
  private static final int MOST_SHOWN = 100;
  private static final String FIGURE = "a number, or null where there is none";

  private static final ImmutableList<Value<?>> VALUES =
      ImmutableList.of(
          new Value<>(int.class, "a 32-bit integer", Binding::isInt, JsonNode::intValue),
          new Value<>(long.class, "a 64-bit integer", Binding::isLong, JsonNode::longValue),
          new Value<>(double.class, FIGURE, Binding::isFigure, Binding::figure),
          new Value<>(Double.class, FIGURE, Binding::isFigure, Binding::figure),
          new Value<>(String.class, "a string", JsonNode::isTextual, JsonNode::textValue),
          new Value<>(
              Object.class,
              "a string or a 64-bit integer",
              node -> node.isTextual() || isLong(node),
              Binding::textOrInteger),
          new Value<>(
              OptionalInt.class,
              "a 32-bit integer or null",
              node -> node.isNull() || isInt(node),
              node -> node.isNull() ? OptionalInt.empty() : OptionalInt.of(node.intValue())),
          new Value<>(
              OptionalLong.class,
              "a 64-bit integer or null",
              node -> node.isNull() || isLong(node),
              node -> node.isNull() ? OptionalLong.empty() : OptionalLong.of(node.longValue())),
          new Value<>(
              ImmutableDoubleArray.class,
              "an array of numbers, with null where there is none",
              node -> node.isArray() && Iterables.all(node, Binding::isFigure),
              node -> ImmutableDoubleArray.copyOf(Iterables.transform(node, Binding::figure))),
          new Value<>(
              RecurrentDepthTransformer.class,
              "the specification of a model",
              JsonNode::isObject,
              Binding::model));

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(module())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private Binding() {}

  /** Returns a record as JSON. */
  static ObjectNode write(Object value) {
    return JSON.valueToTree(value);
  }

  /** Returns JSON as an indented text. */
  static String text(JsonNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the value that a text of JSON written by this holds. */
  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "this is not valid JSON: " + e.getOriginalMessage() + ": " + text, e);
    }
  }

  /**
   * What JSON is read as.
   *
   * @param <T> the type
   */
  record Kind<T>(JavaType type) {
    static <T> Kind<T> of(Class<T> type) {
      return new Kind<>(JSON.constructType(type));
    }

    static <R extends Report> Kind<SideBySide<R>> sideBySide(Class<R> kind) {
      return new Kind<>(JSON.getTypeFactory().constructParametricType(SideBySide.class, kind));
    }

    /**
     * Returns what JSON holds; fields that are not components are left out.
     *
     * @throws IllegalArgumentException if a field is missing or bad
     */
    T read(JsonNode json) {
      try {
        return JSON.treeToValue(json, type);
      } catch (JsonMappingException e) {
        throw new IllegalArgumentException(problem(json, e), e);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(e.getOriginalMessage(), e);
      }
    }
  }

  static <T> T read(JsonNode json, Class<T> type) {
    return Kind.of(type).read(json);
  }

  /** Returns the fields of a type of records. */
  static List<BeanPropertyDefinition> fields(Class<?> type) {
    return JSON.getSerializationConfig().introspect(JSON.constructType(type)).findProperties();
  }

  private static String problem(JsonNode json, JsonMappingException e) {
    StringBuilder place = new StringBuilder();
    JsonNode found = json;
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        place.append('[').append(step.getIndex()).append(']');
        found = found.path(step.getIndex());
      } else {
        place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
        found = found.path(step.getFieldName());
      }
    }
    String name = place.isEmpty() ? "it" : ReportJson.shown(place.toString());
    if (e instanceof MismatchedInputException mismatch && !(e instanceof InvalidFormatException)) {
      String wanted = wanted(mismatch.getTargetType());
      return found.isMissingNode()
          ? name + " is missing; it must be " + wanted
          : name
              + " must be "
              + wanted
              + ", but is "
              + Ascii.truncate(found.toString(), MOST_SHOWN, "…");
    }
    Throwable cause = Throwables.getRootCause(e);
    return (place.isEmpty() ? "" : name + ": ")
        + (cause instanceof JsonProcessingException own
            ? own.getOriginalMessage()
            : cause.getMessage());
  }

  private static String wanted(@Nullable Class<?> type) {
    return VALUES.stream()
        .filter(value -> value.type.equals(type))
        .map(value -> value.wanted)
        .findFirst()
        .orElse(type != null && Collection.class.isAssignableFrom(type) ? "an array" : "an object");
  }

  private static boolean isInt(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToInt();
  }

  private static boolean isLong(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong();
  }

  private static Object textOrInteger(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    return isInt(node) ? (Object) node.intValue() : (Object) node.longValue();
  }

  private static boolean isFigure(JsonNode node) {
    return node.isNumber() || node.isNull();
  }

  private static double figure(JsonNode node) {
    return node.isNull() ? Double.NaN : node.doubleValue();
  }

  private static RecurrentDepthTransformer model(JsonNode node) {
    try {
      return ModelJson.parse(JsonFields.of(Path.of("report"), "model", node));
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static SimpleModule module() {
    SimpleModule module = new SimpleModule();
    Collections collections = new Collections();
    VALUES.forEach(value -> value.addTo(collections));
    module.setDeserializers(collections);
    Function<Double, @Nullable Object> figure =
        value -> value.isNaN() ? null : DoubleNode.valueOf(value);
    return module
        .addSerializer(double.class, new As<>(figure))
        .addSerializer(Double.class, new As<>(figure))
        .addSerializer(ImmutableDoubleArray.class, new As<>(ImmutableDoubleArray::asList))
        .addSerializer(RecurrentDepthTransformer.class, new As<>(ModelJson::of))
        .addSerializer(Optional.class, new As<>(value -> ((Optional<?>) value).orElse(null)))
        .addSerializer(
            OptionalInt.class, new As<>(value -> value.isPresent() ? value.getAsInt() : null))
        .addSerializer(
            OptionalLong.class, new As<>(value -> value.isPresent() ? value.getAsLong() : null));
  }

  /** Writes a value as another one. */
  private static final class As<T> extends JsonSerializer<T> {
    private final Function<T, @Nullable Object> other;

    As(Function<T, @Nullable Object> other) {
      this.other = other;
    }

    @Override
    public void serialize(T value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      provider.defaultSerializeValue(other.apply(value), generator);
    }
  }

  /** Reads a value, which must be of a certain form. */
  private static final class Value<T> extends JsonDeserializer<T> {
    private final Class<T> type;
    private final String wanted;
    private final Predicate<JsonNode> form;
    private final Function<JsonNode, T> reader;

    Value(Class<T> type, String wanted, Predicate<JsonNode> form, Function<JsonNode, T> reader) {
      this.type = type;
      this.wanted = wanted;
      this.form = form;
      this.reader = reader;
    }

    void addTo(SimpleDeserializers deserializers) {
      deserializers.addDeserializer(type, this);
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      return read(context.readTree(parser), context);
    }

    @Override
    public T getNullValue(DeserializationContext context) throws JsonMappingException {
      return read(NullNode.instance, context);
    }

    private T read(JsonNode node, DeserializationContext context) throws JsonMappingException {
      if (!form.test(node)) {
        throw MismatchedInputException.from(context.getParser(), type, wanted);
      }
      return reader.apply(node);
    }
  }

  /** Reads a type by way of another one. */
  private static final class Copy<T, C> extends JsonDeserializer<C> {
    private final JavaType other;
    private final Function<T, C> copy;
    private final @Nullable C ofNull;

    Copy(JavaType other, Function<T, C> copy, @Nullable C ofNull) {
      this.other = other;
      this.copy = copy;
      this.ofNull = ofNull;
    }

    @Override
    public C deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      T read = context.readValue(parser, other);
      return copy.apply(read);
    }

    @Override
    public @Nullable C getNullValue(DeserializationContext context) {
      return ofNull;
    }
  }

  /** Finds what reads immutable collections and optional values. */
  private static final class Collections extends SimpleDeserializers {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable JsonDeserializer<?> findCollectionDeserializer(
        CollectionType type,
        DeserializationConfig config,
        BeanDescription description,
        @Nullable TypeDeserializer elementTypes,
        @Nullable JsonDeserializer<?> elements) {
      if (!type.hasRawClass(ImmutableList.class)) {
        return null;
      }
      JavaType list =
          config.getTypeFactory().constructCollectionType(ArrayList.class, type.getContentType());
      return new Copy<List<Object>, ImmutableList<Object>>(list, Collections::list, null);
    }

    private static ImmutableList<Object> list(List<Object> read) {
      checkArgument(
          !read.contains(null), "the value at index %s must not be null", read.indexOf(null));
      return ImmutableList.copyOf(read);
    }

    @Override
    public @Nullable JsonDeserializer<?> findMapDeserializer(
        MapType type,
        DeserializationConfig config,
        BeanDescription description,
        @Nullable KeyDeserializer keys,
        @Nullable TypeDeserializer elementTypes,
        @Nullable JsonDeserializer<?> elements) {
      if (!type.hasRawClass(ImmutableMap.class)) {
        return null;
      }
      JavaType map =
          config
              .getTypeFactory()
              .constructMapType(LinkedHashMap.class, type.getKeyType(), type.getContentType());
      return new Copy<Map<Object, Object>, ImmutableMap<Object, Object>>(
          map, Collections::map, null);
    }

    private static ImmutableMap<Object, Object> map(Map<Object, Object> read) {
      checkArgument(!read.containsValue(null), "no value must be null, but they are %s", read);
      return ImmutableMap.copyOf(read);
    }

    @Override
    public @Nullable JsonDeserializer<?> findBeanDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription description)
        throws JsonMappingException {
      return type.hasRawClass(Optional.class)
          ? new Copy<Object, Optional<Object>>(
              type.containedType(0), Optional::of, Optional.empty())
          : super.findBeanDeserializer(type, config, description);
    }
  }
}
