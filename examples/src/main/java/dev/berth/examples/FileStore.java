package dev.berth.examples;

import dev.berth.server.Server;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Router;
import dev.berth.server.handler.StatusException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Downloads and uploads as streams: no file is in memory as a whole, and none may be larger than
 * the bound.
 *
 * <pre>
 * curl -T picture.jpg localhost:8080/files/picture.jpg
 * curl -O localhost:8080/files/picture.jpg
 * </pre>
 */
public final class FileStore {
  private final Path folder;
  private final long bytesAtMost;

  private FileStore(Path folder, long bytesAtMost) {
    this.folder = folder;
    this.bytesAtMost = bytesAtMost;
  }

  static Server start(int port, Path folder, long bytesAtMost) throws IOException {
    FileStore store = new FileStore(folder.toRealPath(), bytesAtMost);
    Router router =
        Router.builder()
            .get("/files/{path...}", store::download)
            .put("/files/{name}", store::upload)
            .build();
    return Server.builder().listen(new InetSocketAddress(port)).handler(router).start();
  }

  private void download(Request request, Response response) throws IOException {
    // The router lets no ".." through; a link may still lead out of the folder.
    Path file = folder.resolve(request.parameter("path"));
    if (!Files.isRegularFile(file) || !file.toRealPath().startsWith(folder)) {
      throw new StatusException(404, "no such file");
    }
    response
        .header("Content-Type", "application/octet-stream")
        .header("Content-Length", String.valueOf(Files.size(file)));
    Files.copy(file, response.stream());
  }

  private void upload(Request request, Response response) throws IOException {
    Path file = folder.resolve(request.parameter("name"));
    if (!folder.equals(file.getParent())) {
      throw new StatusException(400, "a name has no slash");
    }
    Path coming = Files.createTempFile(folder, ".", ".coming");
    try {
      // Refuses with 413 what is longer, in the midst of it if need be.
      Files.copy(request.body(bytesAtMost), coming, StandardCopyOption.REPLACE_EXISTING);
      Files.move(coming, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(coming);
    }
    response.status(201).header("Location", request.path());
  }

  public static void main(String[] arguments) throws IOException {
    start(8080, Path.of("."), 1L << 30);
  }
}
