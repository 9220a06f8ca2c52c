package entrepot.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The peer: nginx passing bytes on, with kept connections and without buffering. */
final class Nginx implements AutoCloseable {

    private final Process process;
    private final int port;

    Nginx(Path folder, int upstreamPort) throws IOException {
        port = freePort();
        Files.createDirectories(folder.resolve("logs"));
        Path config = folder.resolve("nginx.conf");
        Files.writeString(config, config(folder, upstreamPort));
        process =
                new ProcessBuilder("nginx", "-p", folder.toString(), "-c", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("logs/out.log").toFile())
                        .start();
    }

    private String config(Path folder, int upstreamPort) {
        return """
        daemon off;
        worker_processes 2;
        pid %1$s/nginx.pid;
        error_log %1$s/logs/error.log;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          keepalive_requests 1000000;
          upstream mock { server 127.0.0.1:%2$d; keepalive 256; keepalive_requests 1000000; }
          server {
            listen 127.0.0.1:%3$d;
            location / {
              proxy_pass http://mock;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_buffering off;
              client_body_buffer_size 64k;
            }
          }
        }
        """
                .formatted(folder, upstreamPort, port);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    Target target() {
        return new Target("nginx", port, process.toHandle(), each -> Map.of());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
