package entrepot.testkit;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A client on a plain socket, for answers that break off: it hands over every byte that came before
 * the break, and only then says so. The JDK's client may throw what it has read away.
 */
public final class PlainClient implements AutoCloseable {

    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private final Socket socket;
    private final InputStream in;
    private final int status;
    private final List<String> headers = new ArrayList<>();

    private PlainClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        String[] start = line(in).split(" ", 3);
        this.status = Integer.parseInt(start[1]);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            headers.add(line);
        }
    }

    /** Sends a request; returns when the head of the answer has come. */
    public static PlainClient send(
            String method, URI address, Map<String, String> headers, byte[] body)
            throws IOException {
        var socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout(Math.toIntExact(SILENCE_MAX.toMillis()));
        String query = address.getRawQuery();
        var head = new StringBuilder(method).append(' ').append(address.getRawPath());
        head.append(query == null ? "" : "?" + query).append(" HTTP/1.1\r\n");
        head.append("host: ").append(address.getAuthority()).append("\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        head.append("content-length: ").append(body.length).append("\r\n\r\n");
        socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write(body);
        return new PlainClient(socket);
    }

    public int status() {
        return status;
    }

    /** The first value of a header, whose name compares without case; null when it is absent. */
    public @Nullable String header(String name) {
        return headers.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse(null);
    }

    /** The body as it comes; its reader is told when it breaks off before its end. */
    public InputStream body() {
        boolean chunked = "chunked".equalsIgnoreCase(header("transfer-encoding"));
        String length = header("content-length");
        return chunked
                ? new Chunked(in)
                : new Counted(in, length == null ? Long.MAX_VALUE : Long.parseLong(length));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the answer broke off");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /** A body whose length is known, or which ends with the connection. */
    private static final class Counted extends InputStream {

        private final InputStream in;
        private final boolean open;
        private long left;

        Counted(InputStream in, long length) {
            this.in = in;
            this.left = length;
            this.open = length == Long.MAX_VALUE;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int c = in.read();
            if (c < 0 && !open) {
                throw new EOFException("the answer broke off");
            }
            left--;
            return c;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(into, offset, (int) Math.min(length, left));
            if (count < 0 && !open) {
                throw new EOFException("the answer broke off");
            }
            left -= Math.max(0, count);
            return count;
        }
    }

    /** RFC 9112, section 7.1. */
    private static final class Chunked extends InputStream {

        private final InputStream in;
        private long left;
        private boolean ended;

        Chunked(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            if (left == 0 && !ended) {
                left = Long.parseLong(line(in).split(";", 2)[0].strip(), 16);
                ended = left == 0;
            }
            if (ended) {
                return -1;
            }
            int c = in.read();
            if (c < 0) {
                throw new EOFException("the answer broke off");
            }
            left--;
            if (left == 0) {
                line(in);
            }
            return c;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            // What has come is given at once, and a break only when it is reached.
            int first = read();
            if (first < 0) {
                return -1;
            }
            into[offset] = (byte) first;
            int count = 1;
            while (count < length && left > 1 && in.available() > 0) {
                into[offset + count++] = (byte) read();
            }
            return count;
        }
    }
}
