package io.github.recurrent.examples.experiments.graphs;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.recurrent.graph.KnowledgeGraph;
import io.github.recurrent.graph.Triple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The graph of WordNet's files, as Debian's package {@code wordnet-base} ships them: an entity is a
 * set of synonyms, named by its first word, and by a number where several have the same.
 */
final class WordNet {
  private static final ImmutableList<String> FILES =
      ImmutableList.of("data.noun", "data.verb", "data.adj", "data.adv");

  /** By the symbols of wninput(5WN); the inverse of a relation stands in the files too. */
  private static final ImmutableMap<String, String> RELATIONS =
      ImmutableMap.<String, String>builder()
          .put("!", "antonym")
          .put("@", "hypernym")
          .put("@i", "instance of")
          .put("~", "hyponym")
          .put("~i", "has instance")
          .put("#m", "member of")
          .put("#s", "substance of")
          .put("#p", "part of")
          .put("%m", "has member")
          .put("%s", "has substance")
          .put("%p", "has part")
          .put("=", "attribute")
          .put("+", "derivationally related to")
          .put(";c", "topic")
          .put(";r", "region")
          .put(";u", "usage")
          .put("-c", "topic of")
          .put("-r", "region of")
          .put("-u", "usage of")
          .put("*", "entails")
          .put(">", "causes")
          .put("^", "see also")
          .put("$", "verb group")
          .put("&", "similar to")
          .put("<", "participle of")
          .put("\\", "pertains to")
          .buildOrThrow();

  private static final int HEXADECIMAL = 16;

  /** The satellites of adjectives stand in their file, but have a letter of their own. */
  private static final String SATELLITE = "s";

  private static final String ADJECTIVE = "a";

  private record Place(String partOfSpeech, String offset) {}

  private record Pointer(Place from, String relation, Place to) {}

  private final Map<Place, String> names = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final List<Pointer> pointers = new ArrayList<>();

  private WordNet() {}

  /**
   * Reads the graph.
   *
   * @throws IOException if a file is missing or cannot be read
   */
  static KnowledgeGraph read(Path folder) throws IOException {
    WordNet wordNet = new WordNet();
    for (String file : FILES) {
      try (Stream<String> lines = Files.lines(folder.resolve(file))) {
        lines.filter(line -> !line.startsWith(" ")).forEach(wordNet::add);
      }
    }
    return KnowledgeGraph.of(wordNet.pointers.stream().map(wordNet::triple));
  }

  /** Takes a line: offset, file, part of speech, words, pointers, the gloss behind a bar. */
  private void add(String line) {
    List<String> fields = Splitter.on(' ').splitToList(line.substring(0, line.indexOf(" |")));
    Place place = place(fields.get(2), fields.get(0));
    int words = Integer.parseInt(fields.get(3), HEXADECIMAL);
    names.put(place, name(fields.get(4)));
    int first = 5 + 2 * words;
    int count = Integer.parseInt(fields.get(first - 1));
    for (int pointer = 0; pointer < count; pointer++) {
      int at = first + 4 * pointer;
      String relation = RELATIONS.get(fields.get(at));
      if (relation != null) {
        pointers.add(new Pointer(place, relation, place(fields.get(at + 2), fields.get(at + 1))));
      }
    }
  }

  private static Place place(String partOfSpeech, String offset) {
    return new Place(partOfSpeech.equals(SATELLITE) ? ADJECTIVE : partOfSpeech, offset);
  }

  /** Returns the word without its marker of syntax, such as {@code (p)}. */
  private String name(String word) {
    int marker = word.indexOf('(');
    String plain = (marker < 0 ? word : word.substring(0, marker)).replace('_', ' ');
    int use = uses.merge(plain, 1, Integer::sum);
    return use == 1 ? plain : plain + " (" + use + ")";
  }

  private Triple triple(Pointer pointer) {
    return new Triple(named(pointer.from()), pointer.relation(), named(pointer.to()));
  }

  private String named(Place place) {
    String name = names.get(place);
    checkState(name != null, "a pointer leads to %s, which no file has", place);
    return name;
  }
}
