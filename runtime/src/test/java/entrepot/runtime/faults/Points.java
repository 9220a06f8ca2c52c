package entrepot.runtime.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Every point of every script, in an order that the seed gives, as often as is asked for. */
final class Points {

    private static final List<Point.Kind> AT_WRITES =
            List.of(Point.Kind.BEFORE, Point.Kind.WITHIN, Point.Kind.AFTER, Point.Kind.KILL);
    private static final List<Point.Kind> STOPS =
            List.of(Point.Kind.STOP_SHORT, Point.Kind.STOP_LONG);
    private static final List<Point.Kind> AT_TOOLS =
            List.of(Point.Kind.TOOL_BEFORE, Point.Kind.TOOL_AFTER);

    /** One write in so many also stands still: it takes long, and nobody dies. */
    private static final int STOPS_EVERY = 12;

    private Points() {}

    /**
     * Where a script can end.
     *
     * @param writes and
     * @param tools that it took when nothing went wrong
     */
    record Measured(int script, int writes, int tools) {}

    static List<Point> all(List<Measured> scripts, boolean stops) {
        List<Point> all = new ArrayList<>();
        for (Measured each : scripts) {
            for (int number = 1; number <= each.writes(); number++) {
                for (Point.Kind kind : AT_WRITES) {
                    all.add(new Point(each.script(), kind, number));
                }
                if (stops && number % STOPS_EVERY == 0) {
                    for (Point.Kind kind : STOPS) {
                        all.add(new Point(each.script(), kind, number));
                    }
                }
            }
            for (int number = 1; number <= each.tools(); number++) {
                for (Point.Kind kind : AT_TOOLS) {
                    all.add(new Point(each.script(), kind, number));
                }
            }
        }
        return all;
    }

    /** All of them in a seeded order, then all of them in another, up to a count. */
    static List<Point> shuffled(List<Point> all, long seed, int count) {
        List<Point> points = new ArrayList<>();
        for (long round = 0; points.size() < count; round++) {
            List<Point> next = new ArrayList<>(all);
            Collections.shuffle(next, new Random(seed + round));
            points.addAll(next);
        }
        return List.copyOf(points.subList(0, count));
    }
}
