package entrepot.bench;

import io.vertx.core.Vertx;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Processor time per request and per streamed chunk, for each proxy in turn over the same upstream
 * and the same load. The order turns round every round; the first round warms up and is discarded.
 */
final class HttpBench {

    private static final int SETTLE_MILLIS = 700;

    /** The first round lasts longer, so that what is measured is compiled and not compiling. */
    private static final int WARM_UP = 3;

    /**
     * @param perSecond 0 for a closed loop
     * @param unitsPerRequest what one request counts for: itself, or its chunks
     */
    record Case(
            String name,
            String model,
            int connections,
            int perSecond,
            int unitsPerRequest,
            String unit,
            double ratioMax) {}

    private static final List<Case> CASES =
            List.of(
                    new Case("whole answer, saturated", "whole", 64, 0, 1, "request", 3),
                    new Case("whole answer, 1000/s", "whole", 64, 1000, 1, "request", 3),
                    new Case(
                            "stream, a chunk each 10 ms",
                            "paced",
                            100,
                            0,
                            Upstream.CHUNKS,
                            "chunk",
                            2),
                    new Case("stream, burst", "burst", 32, 0, Upstream.CHUNKS, "chunk", 2));

    private final Vertx vertx;
    private final List<Load.Target> targets;
    private final int secondsEach;
    private final PrintStream progress;

    HttpBench(Vertx vertx, List<Load.Target> targets, int secondsEach, PrintStream progress) {
        this.vertx = vertx;
        this.targets = List.copyOf(targets);
        this.secondsEach = secondsEach;
        this.progress = progress;
    }

    /** The cases whose name has a text in it. */
    static List<Case> cases(String part) {
        return CASES.stream().filter(each -> each.name().contains(part)).toList();
    }

    List<Measured> run(int rounds, String part) throws InterruptedException {
        var measured = new ArrayList<Measured>();
        for (int round = 0; round <= rounds; round++) {
            for (Case each : cases(part)) {
                for (Load.Target target : round % 2 == 0 ? targets : targets.reversed()) {
                    Measured one = measure(each, target, round == 0 ? WARM_UP : 1);
                    if (round > 0) {
                        measured.add(one);
                    }
                    progress.printf(
                            "  round %d/%d  %-28s %-9s %7.1f µs/%s  %8.0f/s  %d failed%n",
                            round,
                            rounds,
                            each.name(),
                            target.name(),
                            one.microsPerUnit(),
                            each.unit(),
                            one.unitsPerSecond(),
                            one.failed());
                }
            }
        }
        return measured;
    }

    private Measured measure(Case each, Load.Target target, int times) throws InterruptedException {
        try (var load = new Load(vertx, target, each.model(), each.connections())) {
            if (each.perSecond() > 0) {
                load.offer(each.perSecond());
            } else {
                load.saturate(each.connections());
            }
            Thread.sleep(SETTLE_MILLIS);
            long doneBefore = load.done();
            long cpuBefore = ProcessTime.micros(target.process());
            long from = System.nanoTime();
            Thread.sleep(Duration.ofSeconds((long) times * secondsEach));
            long units = (load.done() - doneBefore) * each.unitsPerRequest();
            long cpu = ProcessTime.micros(target.process()) - cpuBefore;
            double seconds = (System.nanoTime() - from) / 1e9;
            return new Measured(
                    each.name(),
                    target.name(),
                    (double) cpu / Math.max(1, units),
                    units / seconds,
                    load.failed());
        }
    }

    /** One measurement of one target in one case. */
    record Measured(
            String name, String target, double microsPerUnit, double unitsPerSecond, long failed) {}
}
