package dev.berth.server.limit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/** What one look at a small text file gave: its text, or why there is none. */
sealed interface FileReading {
  /** The file's whole content. */
  record Text(String text) implements FileReading {}

  /** No content; {@code why} completes a sentence that starts with the file's name. */
  record Unreadable(String why) implements FileReading {}

  /** The most that is read, in bytes: all annotations of a pod together may be 256 KiB. */
  int CAP = 1024 * 1024;

  /** The answer to a file of more than {@link #CAP} bytes. */
  FileReading TOO_LARGE = new Unreadable("is larger than " + CAP + " bytes");

  /** Reads the file. Never throws, and never waits for anything but the disk. */
  static FileReading of(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        return new Unreadable("is not a regular file"); // opening a pipe would wait for its writer
      }
      if (attributes.size() > CAP) {
        return TOO_LARGE;
      }
      try (InputStream in = Files.newInputStream(file)) {
        return decoded(in.readNBytes(CAP + 1));
      }
    } catch (NoSuchFileException missing) {
      return new Unreadable("does not exist");
    } catch (AccessDeniedException denied) {
      return new Unreadable("may not be read by this process");
    } catch (IOException failed) {
      return new Unreadable("can't be read: " + failed.getMessage());
    }
  }

  private static FileReading decoded(byte[] bytes) {
    if (bytes.length > CAP) {
      return TOO_LARGE;
    }
    try {
      return new Text(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException malformed) {
      return new Unreadable("is not UTF-8");
    }
  }

  /**
   * What tells one version of a file from another without reading it. Symbolic links are followed,
   * so that a swapped link shows as another file.
   */
  record Stamp(Optional<Object> key, FileTime modified, long size) {
    /** The file's stamp, or empty if there is no such file. */
    static Optional<Stamp> of(Path file) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return Optional.of(
            new Stamp(Optional.ofNullable(now.fileKey()), now.lastModifiedTime(), now.size()));
      } catch (IOException none) {
        return Optional.empty();
      }
    }
  }
}
