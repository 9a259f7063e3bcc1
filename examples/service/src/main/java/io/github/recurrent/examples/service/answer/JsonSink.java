package io.github.recurrent.examples.service.answer;

import com.fasterxml.jackson.databind.node.ArrayNode;

/** Adds values to a JSON array. Not thread-safe. */
public final class JsonSink implements TensorSink {
  private final ArrayNode data;

  public JsonSink(ArrayNode data) {
    this.data = data;
  }

  @Override
  public void text(String value) {
    data.add(value);
  }

  @Override
  public void real(float value) {
    data.add(value);
  }

  @Override
  public void whole(int value) {
    data.add(value);
  }
}
