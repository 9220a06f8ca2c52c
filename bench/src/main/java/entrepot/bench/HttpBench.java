package entrepot.bench;

import io.vertx.core.Vertx;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Processor time per request and per streamed chunk, for each proxy in turn over the same upstream
 * and the same load. The order turns round every round. Before the first, each is put under all the
 * loads until it hardly compiles any more: what runs for long costs what it costs then.
 */
final class HttpBench {

    private static final int SETTLE_MILLIS = 700;

    /** Warmed up is who spends less than this part of the time on compiling. */
    private static final double COMPILING_MAX = 0.01;

    private static final int WARM_UPS_MAX = 12;

    private static final List<Case> CASES =
            List.of(
                    Case.whole("whole answer, saturated", Wire.CHAT, "chat", 0, 2.5),
                    Case.whole("whole answer, 1000/s", Wire.CHAT, "chat", 1000, 2.5),
                    Case.stream("stream, a chunk each 10 ms", Wire.CHAT, "chat-paced", 100, 2),
                    Case.stream("stream, burst", Wire.CHAT, "chat-burst", 32, 2),
                    Case.whole("Chat to Messages, whole", Wire.CHAT, "messages", 0, 5),
                    Case.stream("Chat to Messages, stream", Wire.CHAT, "messages-paced", 100, 5),
                    Case.stream("Chat to Messages, burst", Wire.CHAT, "messages-burst", 32, 5),
                    Case.whole("Messages to Chat, whole", Wire.MESSAGES, "chat", 0, 5),
                    Case.stream("Messages to Chat, stream", Wire.MESSAGES, "chat-paced", 100, 5),
                    Case.stream("Messages to Chat, burst", Wire.MESSAGES, "chat-burst", 32, 5),
                    Case.whole("Chat to Converse, whole", Wire.CHAT, "converse", 0, 5),
                    Case.stream("Chat to Converse, stream", Wire.CHAT, "converse-paced", 100, 5),
                    Case.stream("Chat to Converse, burst", Wire.CHAT, "converse-burst", 32, 5));

    private final Vertx vertx;
    private final List<Target> targets;
    private final int secondsEach;
    private final PrintStream progress;

    HttpBench(Vertx vertx, List<Target> targets, int secondsEach, PrintStream progress) {
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
        for (Target target : targets) {
            warmUp(target, part);
        }
        var measured = new ArrayList<Measured>();
        for (int round = 1; round <= rounds; round++) {
            for (Case each : cases(part)) {
                for (Target target : round % 2 == 0 ? targets : targets.reversed()) {
                    if (!target.can(each)) {
                        continue;
                    }
                    Measured one = measure(each, target);
                    measured.add(one);
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

    private void warmUp(Target target, String part) throws InterruptedException {
        for (int i = 1; i <= WARM_UPS_MAX; i++) {
            double compiling = 0;
            for (Case each : cases(part)) {
                if (!target.can(each)) {
                    continue;
                }
                // At full speed first, or a slow load would take minutes to be compiled for.
                compiling = Math.max(compiling, compiling(each.saturated(), target));
                compiling = Math.max(compiling, compiling(each, target));
            }
            progress.printf("  warm-up %d  %-9s %.3f compiling%n", i, target.name(), compiling);
            if (compiling < COMPILING_MAX) {
                return;
            }
        }
    }

    private double compiling(Case each, Target target) throws InterruptedException {
        long before = ProcessTime.compilerMicros(target.process());
        long from = System.nanoTime();
        measure(each, target);
        long micros = ProcessTime.compilerMicros(target.process()) - before;
        return 1000.0 * micros / (System.nanoTime() - from);
    }

    private Measured measure(Case each, Target target) throws InterruptedException {
        try (var load = new Load(vertx, target, each)) {
            if (each.perSecond() > 0) {
                load.offer(each.perSecond());
            } else {
                load.saturate(each.connections());
            }
            Thread.sleep(SETTLE_MILLIS);
            long doneBefore = load.done();
            long cpuBefore = ProcessTime.micros(target.process());
            long from = System.nanoTime();
            Thread.sleep(Duration.ofSeconds(secondsEach));
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
