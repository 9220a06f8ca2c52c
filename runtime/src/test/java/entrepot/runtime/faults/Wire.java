package entrepot.runtime.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A wire to a server that can lose an answer: what the client asked for arrives and is done, and
 * the connection breaks when the server answers.
 */
final class Wire implements AutoCloseable {

    private static final int CHUNK_BYTES = 16_384;

    private final ServerSocket door;
    private final int to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean loses = new AtomicBoolean();

    Wire(int to) throws IOException {
        this.to = to;
        this.door = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("wire").start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** The next answer of the server is lost, and its connection with it. */
    void loseAnAnswer() {
        loses.set(true);
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> join(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void join(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), to);
            open.add(client);
            open.add(server);
            Thread.ofVirtual().start(() -> carry(client, server, false));
            carry(server, client, true);
        } catch (IOException away) {
            reset(client);
        }
    }

    private void carry(Socket from, Socket into, boolean answers) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            var in = from.getInputStream();
            var out = into.getOutputStream();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (answers && loses.compareAndSet(true, false)) {
                    break;
                }
                out.write(chunk, 0, read);
                out.flush();
            }
        } catch (IOException broken) {
            // Either end has left: both go.
        } finally {
            reset(from);
            reset(into);
        }
    }

    private void reset(Socket socket) {
        open.remove(socket);
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException closed) {
            // It was reset before.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        Set.copyOf(open).forEach(this::reset);
    }
}
