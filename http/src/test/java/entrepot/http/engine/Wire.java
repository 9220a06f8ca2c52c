package entrepot.http.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A raw client: what is sent and read here no library has touched. */
final class Wire implements AutoCloseable {

    /** Long enough for a slow machine; a test that waits it out has failed. */
    static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;

    Wire(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        this.in = socket.getInputStream();
    }

    /** One text; lines end as written. */
    Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** A request with a body and the usual head. */
    Wire post(String path, String body) throws IOException {
        return send(
                "POST %s HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(path, body.length(), body));
    }

    Wire get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
    }

    /** A head of these lines, with the empty line after them. */
    static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** The status line and the head, up to the empty line. */
    String head() throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** Head and body of one answer with a Content-Length. */
    Reply reply() throws IOException {
        String head = head();
        if (head.isEmpty()) {
            throw new IOException("the connection was closed without an answer");
        }
        int length = 0;
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Reply(Integer.parseInt(head.substring(9, 12)), head, body);
    }

    record Reply(int status, String head, String body) {}

    String read(int bytes) throws IOException {
        return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    /** All that comes until the peer closes, well or not. */
    String rest() throws IOException {
        var rest = new ByteArrayOutputStream();
        try {
            in.transferTo(rest);
        } catch (SocketException e) {
            rest.writeBytes("<reset>".getBytes(StandardCharsets.ISO_8859_1));
        }
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    Socket socket() {
        return socket;
    }

    /** Closes with FIN. */
    void hangUp() throws IOException {
        socket.close();
    }

    /** Closes with RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
