package entrepot.http.engine;

import entrepot.http.Headers;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The way back to the client. Lives on the loop of its connection. Knows how many bytes the client
 * has not taken yet, and for how long.
 */
final class Answer {

    /** Fields of one hop (RFC 9110 §7.6.1): what they say is for this server to decide. */
    private static final Set<String> HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "transfer-encoding",
                    "te",
                    "trailer",
                    "upgrade");

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final long CANCEL = 0x8;
    private static final long INTERNAL_ERROR = 0x2;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final boolean http2;
    private final int queueBytesMax;
    private final Listener listener;
    private boolean closing;
    private boolean begun;
    private boolean over;
    private long declared = -1;
    private long sent;
    private int lying;
    private long lyingSince;

    Answer(HttpServerRequest request, int queueBytesMax, Listener listener) {
        this.request = request;
        this.response = request.response();
        this.http2 = request.version() == HttpVersion.HTTP_2;
        this.queueBytesMax = queueBytesMax;
        this.listener = listener;
    }

    /** Told on the loop. */
    interface Listener {

        /** The client has taken so many bytes. */
        void taken(int bytes);

        /** Nothing more will be sent: all is taken, or the client cannot be reached. */
        void done();
    }

    /** Wraps without copying. */
    static Buffer wrap(byte[] bytes) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
    }

    /** Refuses a head that could not be sent, while its author can still be told. */
    static void check(int status, Headers headers) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("not a final status: " + status);
        }
        String length = headers.get("content-length");
        if (length != null && !LENGTH.matcher(length).matches()) {
            throw new IllegalArgumentException("not a Content-Length: " + length);
        }
    }

    /** The connection ends with this answer. Before {@link #head}. */
    void closeAfter() {
        closing = true;
    }

    void head(int status, Headers headers) {
        begun = true;
        response.setStatusCode(status);
        for (Headers.Field field : headers.fields()) {
            String name = field.lowerName();
            if (HOP.contains(name)) {
                continue;
            }
            if (name.equals("content-length")) {
                declared = Long.parseLong(field.value());
            }
            response.headers().add(name, field.value());
        }
        if (closing && !http2) {
            response.headers().set("connection", "close");
        }
    }

    /** Sends the head now, without waiting for a first piece of the body. */
    void flushHead() {
        frame();
        watch(0, response.writeHead());
    }

    void write(Buffer bytes) {
        if (over || bytes.length() == 0) {
            return;
        }
        if (bodiless()) {
            listener.taken(bytes.length());
            return;
        }
        if (!response.headWritten()) {
            frame();
        }
        sent += bytes.length();
        watch(bytes.length(), response.write(bytes));
    }

    /**
     * Ends the body well, or breaks off when it is shorter or longer than was declared.
     *
     * @return whether it ended well
     */
    boolean end(@Nullable Buffer last) {
        if (over) {
            return false;
        }
        int length = last == null || bodiless() ? 0 : last.length();
        sent += length;
        if (declared >= 0 && declared != sent && !bodiless()) {
            breakOff();
            return false;
        }
        over = true;
        var ended = length == 0 || last == null ? response.end() : response.end(last);
        watch(length, ended);
        var _ =
                ended.onComplete(_ -> {
                    if (closing) {
                        close();
                    }
                    listener.done();
                });
        return true;
    }

    /** Ends without the mark of a good end, after what has been written so far. */
    void breakOff() {
        if (over) {
            return;
        }
        over = true;
        if (http2) {
            var _ = response.reset(INTERNAL_ERROR);
        } else {
            var _ = request.connection().close();
        }
        listener.done();
    }

    /** Drops the client and whatever it has not taken. */
    void cut() {
        over = true;
        if (http2) {
            var _ = response.reset(CANCEL);
        } else {
            Visit.channel(request.connection()).unsafe().closeForcibly();
        }
        listener.done();
    }

    /** The client has left by itself. */
    void left() {
        if (!over) {
            over = true;
            listener.done();
        }
    }

    boolean begun() {
        return begun;
    }

    boolean over() {
        return over;
    }

    boolean full() {
        return lying > queueBytesMax;
    }

    int lying() {
        return lying;
    }

    boolean stalled(long now, long nanosMax) {
        return lying > 0 && now - lyingSince > nanosMax;
    }

    private void close() {
        if (http2) {
            var _ = request.connection().shutdown(1, TimeUnit.MINUTES);
        } else {
            var _ = request.connection().close();
        }
    }

    /** A body of unknown length: in chunks, or for HTTP/1.0 until the connection ends. */
    private void frame() {
        if (http2 || declared >= 0 || bodiless()) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_1_0) {
            closing = true;
        } else {
            response.setChunked(true);
        }
    }

    private boolean bodiless() {
        int status = response.getStatusCode();
        return request.method().equals(HttpMethod.HEAD)
                || status == HttpResponseStatus.NO_CONTENT.code()
                || status == HttpResponseStatus.NOT_MODIFIED.code();
    }

    private void watch(int bytes, io.vertx.core.Future<Void> written) {
        if (lying == 0) {
            lyingSince = System.nanoTime();
        }
        lying += bytes;
        var _ =
                written.onComplete(_ -> {
                    lying -= bytes;
                    lyingSince = System.nanoTime();
                    listener.taken(bytes);
                });
    }
}
