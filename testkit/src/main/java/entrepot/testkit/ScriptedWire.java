package entrepot.testkit;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** The server's side of one HTTP/1.1 connection: as much of RFC 9112 as scripts need. */
final class ScriptedWire {

    /** How a script's play ended. */
    enum End {
        COMPLETE,
        CUT,
        CLIENT_LEFT
    }

    private static final byte[] CRLF = {'\r', '\n'};

    private final Socket socket;
    private final PushbackInputStream in;
    private final OutputStream out;

    ScriptedWire(Socket socket) throws IOException {
        this.socket = socket;
        in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /** The next request; null when the client has closed between requests. */
    ScriptedSupplier.@Nullable Received read() throws IOException {
        socket.setSoTimeout(0);
        var first = in.read();
        if (first < 0) {
            return null;
        }
        in.unread(first);
        var start = line().split(" ", 3);
        if (start.length != 3) {
            throw new IOException("not a request line");
        }
        var headers = new ArrayList<String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            headers.add(line);
        }
        var head = new ScriptedSupplier.Received(start[0], start[1], headers, new byte[0]);
        if ("100-continue".equalsIgnoreCase(head.header("expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        return new ScriptedSupplier.Received(start[0], start[1], headers, body(head));
    }

    End play(Script script) {
        try {
            var headSent = false;
            for (var step : script.steps()) {
                switch (step) {
                    case Script.Step.Send send -> {
                        if (!headSent) {
                            head(script);
                            headSent = true;
                        }
                        piece(script, send.bytes());
                    }
                    case Script.Step.Pause pause -> {
                        if (clientLeavesWithin(Math.toIntExact(pause.millis()))) {
                            return End.CLIENT_LEFT;
                        }
                    }
                    case Script.Step.Hang hang -> {
                        if (clientLeavesWithin(0)) {
                            return End.CLIENT_LEFT;
                        }
                    }
                    case Script.Step.Cut cut -> {
                        socket.close();
                        return End.CUT;
                    }
                }
            }
            if (!headSent) {
                head(script);
            }
            if (script.chunked()) {
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            return End.COMPLETE;
        } catch (IOException e) {
            return End.CLIENT_LEFT;
        }
    }

    private void head(Script script) throws IOException {
        var head = new StringBuilder("HTTP/1.1 " + script.status() + " Scripted\r\n");
        script.headers().forEach(line -> head.append(line).append("\r\n"));
        if (script.chunked()) {
            head.append("transfer-encoding: chunked\r\n");
        } else if (script.headers().stream().noneMatch(l -> l.startsWith("content-length:"))) {
            head.append("content-length: ").append(script.bodyBytes()).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    private void piece(Script script, byte[] bytes) throws IOException {
        if (!script.chunked()) {
            out.write(bytes);
        } else if (bytes.length > 0) {
            var framed = new ByteArrayOutputStream();
            framed.writeBytes(
                    (Integer.toHexString(bytes.length) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            framed.writeBytes(bytes);
            framed.writeBytes(CRLF);
            framed.writeTo(out);
        }
    }

    /** Watches the client's side while time passes; 0 watches for ever. */
    private boolean clientLeavesWithin(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            var next = in.read();
            if (next < 0) {
                return true;
            }
            in.unread(next);
            return false;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private byte[] body(ScriptedSupplier.Received head) throws IOException {
        if ("chunked".equalsIgnoreCase(head.header("transfer-encoding"))) {
            return chunkedBody();
        }
        var length = head.header("content-length");
        return length == null ? new byte[0] : exactly(Integer.parseInt(length));
    }

    private byte[] chunkedBody() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line().replaceFirst(";.*", "").strip(), 16);
            body.writeBytes(exactly(size));
            if (size == 0) {
                while (!line().isEmpty()) {
                    // Trailers say nothing that a script would act on.
                }
                return body.toByteArray();
            }
            line();
        }
    }

    private byte[] exactly(int count) throws IOException {
        var bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the client broke off within a body");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the client broke off within a head");
            }
            line.write(next);
        }
        var text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
