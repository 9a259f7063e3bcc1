package io.github.recurrent.examples.service.request;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.recurrent.reasoning.Answer;
import java.util.List;
import java.util.Locale;

/** What a model gives for every query, as a tensor of one dimension. */
public enum Output {
  ANSWER("BYTES"),
  PROBABILITY("FP32"),
  ITERATIONS("INT32"),
  CAUSE("BYTES");

  private final String datatype;

  Output(String datatype) {
    this.datatype = datatype;
  }

  /** Returns why a query halted, as answers say it. */
  public static String cause(Answer answer) {
    return answer.cause().name().toLowerCase(Locale.ROOT);
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String datatype() {
    return datatype;
  }

  public ObjectNode tensor(List<Answer> answers) {
    ObjectNode tensor = Json.object().put("name", text());
    tensor.putArray("shape").add(answers.size());
    tensor.put("datatype", datatype);
    ArrayNode data = tensor.putArray("data");
    answers.forEach(answer -> add(data, answer));
    return tensor;
  }

  private void add(ArrayNode data, Answer answer) {
    switch (this) {
      case ANSWER -> data.add(answer.token());
      case PROBABILITY -> data.add((float) answer.probability());
      case ITERATIONS -> data.add(answer.iterations());
      case CAUSE -> data.add(cause(answer));
    }
  }
}
