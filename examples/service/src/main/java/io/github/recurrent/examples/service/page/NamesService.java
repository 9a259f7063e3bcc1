package io.github.recurrent.examples.service.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Get;
import io.github.recurrent.examples.service.request.Fault;
import io.github.recurrent.examples.service.request.Json;
import io.github.recurrent.examples.service.request.Shown;
import io.github.recurrent.examples.service.serving.Models;
import java.util.Optional;

/** Names of the graph by how they begin, to complete what somebody types. */
public final class NamesService {
  private static final int MOST = 100;
  private static final int USUAL = 20;
  private static final String ENTITY = "entity";
  private static final String RELATION = "relation";
  private static final ImmutableSet<String> PARAMETERS =
      ImmutableSet.of("kind", "start", "most", PathParameters.MODEL, PathParameters.VERSION);

  private final Models models;

  public NamesService(Models models) {
    this.models = models;
  }

  @Blocking
  @Get("/v1/names")
  public HttpResponse names(QueryParams parameters) {
    PathParameters.requireOnly(parameters, PARAMETERS);
    String kind = parameters.get("kind", "");
    if (!kind.equals(ENTITY) && !kind.equals(RELATION)) {
      throw Fault.bad(
          "kind must be " + ENTITY + " or " + RELATION + ", but is " + Shown.text(kind));
    }
    ObjectNode names = Json.object().put("kind", kind);
    PathParameters.model(parameters, models)
        .reader()
        .namesThatBegin(kind.equals(ENTITY), parameters.get("start", ""), most(parameters))
        .forEach(names.putArray("names")::add);
    return Json.response(HttpStatus.OK, names);
  }

  private static int most(QueryParams parameters) {
    String most = parameters.get("most", Integer.toString(USUAL));
    return Optional.ofNullable(Ints.tryParse(most))
        .filter(number -> number >= 1 && number <= MOST)
        .orElseThrow(
            () ->
                Fault.bad(
                    "most must be an integer from 1 to "
                        + MOST
                        + ", the limit here, but is "
                        + Shown.text(most)));
  }
}
