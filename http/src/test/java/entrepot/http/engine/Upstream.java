package entrepot.http.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A scripted server on a raw socket: each connection is played by the script. */
final class Upstream implements AutoCloseable {

    private final ServerSocket listener;
    private final AtomicInteger connections = new AtomicInteger();
    private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();

    /** What happens on one connection. */
    interface Script {
        void play(Wire wire) throws Exception;
    }

    Upstream(Script script) throws IOException {
        listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(() -> {
                    while (!listener.isClosed()) {
                        try {
                            Socket socket = listener.accept();
                            connections.incrementAndGet();
                            open.add(socket);
                            Thread.ofVirtual().start(() -> play(script, socket));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
    }

    private static void play(Script script, Socket socket) {
        try (Wire wire = new Wire(socket)) {
            script.play(wire);
        } catch (Exception e) {
            // The other side decides when this one ends.
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
