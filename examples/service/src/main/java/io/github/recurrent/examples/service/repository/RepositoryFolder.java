package io.github.recurrent.examples.service.repository;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import io.github.recurrent.examples.service.serving.ModelName;
import io.github.recurrent.examples.service.serving.ModelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * A folder that holds a folder of every model, which holds one of every version, which is an
 * exported model. What is anything else is ignored.
 */
final class RepositoryFolder extends ModelSource {
  private final Path folder;

  RepositoryFolder(Path folder) {
    this.folder = folder;
  }

  @Override
  Found look() throws IOException {
    if (!Files.exists(folder)) {
      throw new NoSuchFileException(
          folder.toString(), null, "the folder does not exist; it should hold models");
    }
    return new Look(folder.toRealPath()).found();
  }

  /** One look, which sees one folder even where a link to it is changed meanwhile. */
  private static final class Look {
    private final Path root;
    private final FolderEntries entries;
    private final Map<String, ImmutableSortedMap<Long, FoundVersion>> models = new TreeMap<>();
    private final Set<String> unreadable = new HashSet<>();
    private final Map<String, String> ignored = new TreeMap<>();

    Look(Path root) {
      this.root = root;
      entries = new FolderEntries(root);
    }

    Found found() throws IOException {
      for (Path model : entries.of(root)) {
        String name = model.getFileName().toString();
        if (!ModelName.isValid(name)) {
          ignore(model, "the name of a model must be " + ModelName.RULE);
          continue;
        }
        try {
          readModel(name, model);
        } catch (NoSuchFileException | NotDirectoryException e) {
          ignore(model, FolderEntries.reason(e));
        } catch (IOException e) {
          unreadable.add(name);
          ignore(model, FolderEntries.reason(e));
        }
      }
      return new Found(
          ImmutableSortedMap.copyOf(models),
          ImmutableSet.copyOf(unreadable),
          ImmutableSortedMap.copyOf(ignored));
    }

    private void readModel(String name, Path model) throws IOException {
      Map<Long, FoundVersion> versions = new TreeMap<>();
      for (Path path : entries.of(model)) {
        OptionalLong version = ModelVersion.parse(path.getFileName().toString());
        if (version.isPresent()) {
          versions.put(version.getAsLong(), version(path));
        } else {
          ignore(path, "a version must be " + ModelVersion.RULE);
        }
      }
      if (versions.isEmpty()) {
        ignore(model, "it has no version");
      } else {
        models.put(name, ImmutableSortedMap.copyOf(versions));
      }
    }

    private FoundVersion version(Path path) {
      try {
        return new FoundVersion(path, entries.state(path), "");
      } catch (IOException e) {
        String reason = FolderEntries.reason(e);
        return new FoundVersion(path, reason, reason);
      }
    }

    private void ignore(Path path, String reason) {
      ignored.put(root.relativize(path).toString(), reason);
    }
  }
}
