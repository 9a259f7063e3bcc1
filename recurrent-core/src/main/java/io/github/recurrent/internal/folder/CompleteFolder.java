package io.github.recurrent.internal.folder;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder of files that belong together, which changes from one complete state to the next.
 *
 * <p>Whatever the moment of an interruption, {@link #read} finds the complete state before or after
 * the write, and the next write clears away what was left behind. One writer at a time; any number
 * of readers. A symbolic link to a folder stays one: what it leads to changes.
 *
 * <p>Files of other names are not part of the state. They are kept, and never keep a state from
 * being replaced.
 *
 * <p>A folder cannot be renamed over another that holds files. So a new state is written to a
 * hidden folder within the folder, moved beside it, to {@code .NAME.writing}, and exchanged with
 * it: the folder is renamed to {@code .NAME.previous}, the new one to the folder, and the previous
 * one deleted. While there is no folder, the complete state is the previous one.
 *
 * <p>A folder that cannot be renamed, as one that is a mount point, or that should not, as one that
 * holds other files too or is the working folder, stays where it is. Its new state is complete with
 * the renaming of the hidden folder from {@code .recurrent-writing} to {@code .recurrent-written}.
 * Files that the new state lacks are deleted, the hidden folder is renamed to {@code
 * .recurrent-moving}, and its files replace those of the folder one by one. A file of the complete
 * state is in {@code .recurrent-written}, else in {@code .recurrent-moving}, else in the folder.
 */
public final class CompleteFolder {
  private static final String WRITING = ".recurrent-writing";
  private static final String WRITTEN = ".recurrent-written";
  private static final String MOVING = ".recurrent-moving";

  private static final ImmutableSet<String> HIDDEN = ImmutableSet.of(WRITING, WRITTEN, MOVING);

  private final Path path;
  private final String content;
  private final ImmutableSet<String> required;
  private final ImmutableSet<String> files;

  private CompleteFolder(
      Path path, String content, ImmutableSet<String> required, ImmutableSet<String> files) {
    this.path = path;
    this.content = content;
    this.required = required;
    this.files = files;
  }

  /** Writes files into an empty folder. */
  @FunctionalInterface
  public interface Writer {
    /** Writes the files; they need not be forced to the disk. */
    void write(Path folder) throws IOException;
  }

  /** Reads files of a complete state. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Reads the files; it may be called again when the state has changed meanwhile. */
    T read(FolderState state) throws IOException;
  }

  /**
   * Names a folder, which need not be there.
   *
   * @param content what the folder holds, for messages, such as {@code a dataset}
   * @param required the names of the files that every complete state has
   * @param optional the names of the other files it may have
   * @throws IllegalArgumentException if the path is a root
   */
  public static CompleteFolder of(
      Path folder, String content, Set<String> required, Set<String> optional) {
    Path absolute = folder.toAbsolutePath().normalize();
    if (absolute.getFileName() == null || absolute.getParent() == null) {
      throw new IllegalArgumentException(folder + " cannot hold " + content);
    }
    return new CompleteFolder(
        absolute,
        content,
        ImmutableSet.copyOf(required),
        Sets.union(required, optional).immutableCopy());
  }

  /** Returns the folder, absolute. */
  public Path path() {
    return path;
  }

  /**
   * Returns whether there is a state, complete or not, to be read.
   *
   * @throws IOException if the folder cannot be read
   */
  public boolean exists() throws IOException {
    Place place = Place.of(path);
    for (Path folder : places(place)) {
      if (!state(folder).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the folders within a folder; one that an interruption has left under another name comes
   * under its own.
   *
   * @return the paths, in order
   * @throws IOException if the folder cannot be read
   */
  public static ImmutableSortedSet<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(Place::ofPrevious)
          .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
    }
  }

  /**
   * Reads the complete state. A reader that fails is called again if the folder has changed since,
   * so that no mixture of two states is taken for a damaged one.
   *
   * @throws java.nio.file.NoSuchFileException if there is no folder
   * @throws NotDirectoryException if it is something else
   */
  public <T> T read(Reader<T> reader) throws IOException {
    FolderState state = state();
    while (true) {
      try {
        return reader.read(state);
      } catch (IOException e) {
        FolderState now = state();
        if (now.equals(state)) {
          throw e;
        }
        state = now;
      }
    }
  }

  private FolderState state() throws IOException {
    Place place = Place.of(path);
    for (Path folder : places(place)) {
      FolderState state = state(folder);
      if (!state.isEmpty()) {
        return state;
      }
    }
    return state(place.folder()).requireFolder(content);
  }

  /** Returns where the state may be; a writer may move it on while they are looked at. */
  private static List<Path> places(Place place) {
    return List.of(place.folder(), place.previous(), place.folder());
  }

  private FolderState state(Path folder) throws IOException {
    return FolderState.of(folder, List.of(folder.resolve(WRITTEN), folder.resolve(MOVING)), files);
  }

  /**
   * Writes a state into a folder that is not there yet, or holds no file that the state would
   * change.
   *
   * @throws DirectoryNotEmptyException if it holds a state, or a file that the state would change
   * @throws IOException if it cannot be written; nothing is left behind then
   */
  public void create(Writer writer) throws IOException {
    Place place = recovered();
    Set<String> own = Sets.intersection(entries(place.folder()), files).immutableCopy();
    if (own.containsAll(required)) {
      throw taken(own);
    }
    write(
        place,
        staging -> {
          writer.write(staging);
          Set<String> changed = new TreeSet<>();
          for (String name : own) {
            if (!isSame(staging.resolve(name), place.folder().resolve(name))) {
              changed.add(name);
            }
          }
          if (!changed.isEmpty()) {
            throw taken(changed);
          }
        });
  }

  private DirectoryNotEmptyException taken(Set<String> names) {
    return new DirectoryNotEmptyException(
        path + " holds files already; " + content + " is written to a new folder: " + names);
  }

  private static boolean isSame(Path one, Path other) throws IOException {
    return Files.isRegularFile(one)
        && Files.isRegularFile(other)
        && Files.mismatch(one, other) == -1;
  }

  /**
   * Writes a state in the place of an older one, if there is one.
   *
   * @throws DirectoryNotEmptyException if it holds other files and an incomplete state, whose files
   *     may then be those of something else, or folders in the place of files
   * @throws IOException if it cannot be written; the older state stays then
   */
  public void replace(Writer writer) throws IOException {
    Place place = recovered();
    ImmutableSet<String> found = entries(place.folder());
    Set<String> own = Sets.intersection(found, files).immutableCopy();
    Set<String> others = Sets.difference(found, files).immutableCopy();
    if (!own.isEmpty() && !own.containsAll(required) && !others.isEmpty()) {
      throw new DirectoryNotEmptyException(
          path
              + " holds only "
              + own
              + " of the files of "
              + content
              + ", which may belong to the others there, and are not replaced: "
              + others);
    }
    for (String name : own) {
      if (Files.isDirectory(place.folder().resolve(name))) {
        throw new DirectoryNotEmptyException(
            path + " holds a folder " + name + ", which is a file of " + content);
      }
    }
    write(place, writer);
  }

  /** Ends what an interruption has left undone. */
  private Place recovered() throws IOException {
    Place place = Place.of(path);
    if (!Files.exists(place.folder(), LinkOption.NOFOLLOW_LINKS)
        && Files.isDirectory(place.previous())) {
      move(place.previous(), place.folder());
    }
    if (Files.exists(place.folder()) && !Files.isDirectory(place.folder())) {
      throw new FileAlreadyExistsException(
          place.folder().toString(), null, "is not a folder, and " + content + " is one");
    }
    settle(place.folder());
    return place;
  }

  /** Returns the names of the entries of a folder, if it is there, without those of this class. */
  private static ImmutableSet<String> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return ImmutableSet.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> !HIDDEN.contains(name))
          .sorted()
          .collect(ImmutableSet.toImmutableSet());
    }
  }

  private void write(Place place, Writer writer) throws IOException {
    boolean there = Files.isDirectory(place.folder());
    LinkedPath.createFolders(place.parent());
    Path staging = there ? place.folder().resolve(WRITING) : place.writing();
    try {
      delete(staging);
      Files.createDirectory(staging);
      writer.write(staging);
      Disk.forceAll(staging);
      if (!there) {
        move(staging, place.folder());
      } else if (!exchange(place, staging)) {
        move(staging, place.folder().resolve(WRITTEN));
      }
    } catch (IOException | RuntimeException e) {
      deleteAfter(e, staging);
      deleteAfter(e, place.writing());
      throw e;
    }
    Disk.force(place.folder());
    Disk.force(place.parent());
    settle(place.folder());
    clearPrevious(place);
  }

  /** Exchanges a folder with its new state, unless it should stay or cannot be renamed. */
  private boolean exchange(Place place, Path staging) throws IOException {
    clearPrevious(place);
    if (place.isWorkingFolder()
        || !files.containsAll(entries(place.folder()))
        || Files.exists(place.previous(), LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      delete(place.writing());
      move(staging, place.writing());
    } catch (FileSystemException e) {
      return false;
    }
    try {
      move(place.folder(), place.previous());
    } catch (FileSystemException e) {
      move(place.writing(), staging);
      return false;
    }
    try {
      move(place.writing(), place.folder());
    } catch (IOException | RuntimeException e) {
      move(place.previous(), place.folder());
      throw e;
    }
    return true;
  }

  /** Moves a new state from its hidden folder into the folder itself. */
  private void settle(Path folder) throws IOException {
    Path written = folder.resolve(WRITTEN);
    Path moving = folder.resolve(MOVING);
    if (Files.isDirectory(written)) {
      for (String name : Sets.difference(files, entries(written))) {
        delete(folder.resolve(name));
      }
      move(written, moving);
      Disk.force(folder);
    }
    if (Files.isDirectory(moving)) {
      for (String name : entries(moving)) {
        Files.move(
            moving.resolve(name),
            folder.resolve(name),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
      Disk.force(folder);
      delete(moving);
    }
  }

  /**
   * Deletes the state before this one. Whatever else somebody has put into it at the last moment
   * goes to the folder; what cannot be moved stays, and keeps its place.
   */
  private void clearPrevious(Place place) {
    Path previous = place.previous();
    if (!Files.isDirectory(previous, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      for (String name : entries(previous)) {
        Path kept = place.folder().resolve(name);
        if (files.contains(name)) {
          delete(previous.resolve(name));
        } else if (!Files.exists(kept, LinkOption.NOFOLLOW_LINKS)) {
          move(previous.resolve(name), kept);
        }
      }
      for (String name : HIDDEN) {
        delete(previous.resolve(name));
      }
      Files.delete(previous);
    } catch (IOException e) {
      // The state is written. What is left here only keeps the next one from being exchanged.
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void deleteAfter(Exception failure, Path path) {
    try {
      delete(path);
    } catch (IOException left) {
      failure.addSuppressed(left);
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
