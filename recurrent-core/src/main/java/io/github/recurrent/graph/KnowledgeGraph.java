package io.github.recurrent.graph;

/** Entities, relations and atomic facts. */
public final class KnowledgeGraph {
  private final String[] entityNames;
  private final String[] relationNames;

  KnowledgeGraph(String[] entityNames, String[] relationNames) {
    this.entityNames = entityNames;
    this.relationNames = relationNames;
  }

  public int entities() {
    return entityNames.length;
  }

  public int relations() {
    return relationNames.length;
  }

  public String entityName(int entity) {
    return entityNames[entity];
  }

  public String relationName(int relation) {
    return relationNames[relation];
  }
}
