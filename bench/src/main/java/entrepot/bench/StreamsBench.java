package entrepot.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What many streams and large bodies at once cost: live heap, stalls, resident memory. */
final class StreamsBench {

    private static final int SLOW_STREAMS = 2_000;
    private static final double HEAP_KIB_PER_STREAM_MAX = 40;
    private static final int PACED_STREAMS = 512;
    private static final int BODIES = 500;
    private static final int BODY_BYTES = 150 * 1024;
    private static final int WAIT_SECONDS_MAX = 120;

    /** Resident growth per byte in flight: the bytes themselves, their copy on the way out. */
    private static final double MEMORY_RATIO_MAX = 8;

    /** The longest gap between chunks, against nginx's own in the same run. */
    private static final double GAP_RATIO_MAX = 5;

    private final Vertx vertx;
    private final Target nginx;
    private final Target entrepot;
    private final PrintStream out;

    StreamsBench(Vertx vertx, Target nginx, Target entrepot, PrintStream out) {
        this.vertx = vertx;
        this.nginx = nginx;
        this.entrepot = entrepot;
        this.out = out;
    }

    void run(Report report) throws IOException, InterruptedException {
        heap(report);
        gaps(report);
        bodies(report);
    }

    private void heap(Report report) throws IOException, InterruptedException {
        long before = liveBytes();
        HttpClient client = client(SLOW_STREAMS);
        var open = new CountDownLatch(SLOW_STREAMS);
        Case slow = Case.stream("slow", Wire.CHAT, "chat-slow", SLOW_STREAMS, 0);
        for (int i = 0; i < SLOW_STREAMS; i++) {
            stream(client, entrepot, slow, new Watch(open));
        }
        await(open, "slow streams");
        long after = liveBytes();
        client.close();
        double each = (after - before) / 1024.0 / SLOW_STREAMS;
        out.printf("  %d slow streams open: %.1f KiB of live heap each%n", SLOW_STREAMS, each);
        report.add(
                new Report.Row(
                        SLOW_STREAMS + " slow streams open",
                        "KiB heap each",
                        "asked for",
                        HEAP_KIB_PER_STREAM_MAX,
                        "entrepot",
                        each,
                        1,
                        true));
    }

    private void gaps(Report report) throws InterruptedException {
        long theirs = longestGapMillis(nginx);
        long ours = longestGapMillis(entrepot);
        report.add(
                new Report.Row(
                        PACED_STREAMS + " paced streams",
                        "longest gap, ms",
                        "nginx",
                        theirs,
                        "entrepot",
                        ours,
                        GAP_RATIO_MAX,
                        true));
    }

    private long longestGapMillis(Target target) throws InterruptedException {
        Case paced = Case.stream("paced", Wire.CHAT, "chat-paced", PACED_STREAMS, 0);
        long longest = 0;
        // The first run warms up.
        for (int run = 0; run < 2; run++) {
            HttpClient client = client(PACED_STREAMS);
            var ended = new CountDownLatch(PACED_STREAMS);
            var gap = new AtomicLong();
            for (int i = 0; i < PACED_STREAMS; i++) {
                stream(client, target, paced, new Watch(ended, gap));
            }
            await(ended, "paced streams");
            client.close();
            longest = gap.get() / 1_000_000;
        }
        out.printf(
                "  %-9s longest gap in %d streams: %d ms%n", target.name(), PACED_STREAMS, longest);
        return Math.max(1, longest);
    }

    private void bodies(Report report) throws IOException, InterruptedException {
        long before = residentBytes();
        HttpClient client = client(BODIES);
        var done = new CountDownLatch(BODIES);
        var failed = new AtomicInteger();
        Buffer body =
                Buffer.buffer(
                        Wire.CHAT
                                .request("bench/chat-whole", false)
                                .toString()
                                .replace("Hello", "x".repeat(BODY_BYTES)));
        for (int i = 0; i < BODIES; i++) {
            client.request(options(entrepot, Case.whole("body", Wire.CHAT, "chat", 0, 0)))
                    .compose(request -> request.send(body))
                    .compose(response -> {
                        if (response.statusCode() != 200) {
                            failed.incrementAndGet();
                        }
                        return response.body();
                    })
                    .onFailure(_ -> failed.incrementAndGet())
                    .onComplete(_ -> done.countDown());
        }
        await(done, "bodies");
        client.close();
        double inFlight = (double) BODIES * BODY_BYTES;
        double grown = Math.max(0, residentPeakBytes() - before);
        out.printf(
                "  %d bodies of %d KiB at once: %d failed, resident memory grew by %.0f MiB%n",
                BODIES, BODY_BYTES / 1024, failed.get(), grown / 1024 / 1024);
        report.add(
                new Report.Row(
                        BODIES + " bodies of 150 KiB",
                        "MiB resident",
                        "bytes in flight",
                        inFlight / 1024 / 1024,
                        "entrepot",
                        grown / 1024 / 1024,
                        failed.get() == 0 ? MEMORY_RATIO_MAX : 0,
                        true));
    }

    private HttpClient client(int connections) {
        return vertx.createHttpClient(
                new HttpClientOptions().setIdleTimeout(300),
                new PoolOptions().setHttp1MaxSize(connections));
    }

    private static RequestOptions options(Target target, Case each) {
        var options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(target.port())
                        .setURI(each.wire().path())
                        .putHeader("content-type", "application/json");
        var headers = target.headers().apply(each);
        if (headers != null) {
            headers.forEach(options::putHeader);
        }
        return options;
    }

    private static void stream(HttpClient client, Target target, Case each, Watch watch) {
        client.request(options(target, each))
                .compose(
                        request -> request.send(each.wire().request("bench/" + each.model(), true)))
                .onSuccess(response -> {
                    response.handler(_ -> watch.chunk());
                    response.end().onComplete(_ -> watch.ended());
                })
                .onFailure(_ -> watch.ended());
    }

    /** Counts streams that have begun, or watches the gaps of streams until they end. */
    private static final class Watch {

        private final CountDownLatch latch;
        private final AtomicLong longestNanos;
        private final boolean atStart;
        private long last;

        Watch(CountDownLatch begun) {
            this(begun, new AtomicLong(), true);
        }

        Watch(CountDownLatch ended, AtomicLong longestNanos) {
            this(ended, longestNanos, false);
        }

        private Watch(CountDownLatch latch, AtomicLong longestNanos, boolean atStart) {
            this.latch = latch;
            this.longestNanos = longestNanos;
            this.atStart = atStart;
        }

        void chunk() {
            long now = System.nanoTime();
            if (last == 0 && atStart) {
                latch.countDown();
            } else if (last != 0) {
                longestNanos.accumulateAndGet(now - last, Math::max);
            }
            last = now;
        }

        void ended() {
            if (!atStart) {
                latch.countDown();
            }
        }
    }

    private static void await(CountDownLatch latch, String what) throws InterruptedException {
        if (!latch.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    latch.getCount() + " " + what + " missing after " + WAIT_SECONDS_MAX + " s");
        }
    }

    /** The heap that is in use after a full collection, as the histogram of classes adds it up. */
    private long liveBytes() throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(entrepot.process().pid()),
                                "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        String total =
                text.lines()
                        .filter(line -> line.startsWith("Total"))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no histogram: " + text));
        return Long.parseLong(total.strip().split("\\s+")[2]);
    }

    private long residentBytes() throws IOException {
        return status("VmRSS:");
    }

    private long residentPeakBytes() throws IOException {
        return status("VmHWM:");
    }

    private long status(String field) throws IOException {
        Path status = Path.of("/proc", Long.toString(entrepot.process().pid()), "status");
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("no " + field);
    }
}
