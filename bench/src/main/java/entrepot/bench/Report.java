package entrepot.bench;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What came out: medians, their ratios, and whether a ratio is as good as we ask. */
final class Report {

    private final List<Row> rows = new ArrayList<>();

    /**
     * @param goal the ratio we ask for
     * @param atMost whether the ratio must not be above the goal; else not below it
     */
    record Row(
            String name,
            String unit,
            String floorName,
            double floor,
            String oursName,
            double ours,
            double goal,
            boolean atMost) {

        double ratio() {
            return ours / floor;
        }

        boolean held() {
            return atMost ? ratio() <= goal : ratio() >= goal;
        }
    }

    /** How much less than the peer's our processor time must be. */
    private static final double PEER_RATIO_MAX = 1.0 / 5;

    void http(List<HttpBench.Measured> measured, String part) {
        for (Case each : HttpBench.cases(part)) {
            compare(measured, each, "nginx", each.ratioMax());
            compare(measured, each, "portkey", PEER_RATIO_MAX);
        }
    }

    private void compare(
            List<HttpBench.Measured> measured, Case each, String other, double ratioMax) {
        if (measured.stream().noneMatch(one -> matches(one, each, other))) {
            return;
        }
        rows.add(
                new Row(
                        each.name(),
                        "µs CPU/" + each.unit(),
                        other,
                        micros(measured, each, other),
                        "entrepot",
                        micros(measured, each, "entrepot"),
                        ratioMax,
                        true));
    }

    private static double micros(List<HttpBench.Measured> measured, Case each, String target) {
        return median(
                measured.stream()
                        .filter(one -> matches(one, each, target))
                        .map(HttpBench.Measured::microsPerUnit)
                        .toList());
    }

    private static boolean matches(HttpBench.Measured one, Case each, String target) {
        return one.name().equals(each.name()) && one.target().equals(target);
    }

    /** A row of another benchmark. */
    void add(Row row) {
        rows.add(row);
    }

    void steps(String engine, List<StepBench.Measured> measured, double ratioMin) {
        String bare = measured.getFirst().name();
        for (String name : measured.stream().map(StepBench.Measured::name).distinct().toList()) {
            if (!name.equals(bare)) {
                rows.add(
                        new Row(
                                engine,
                                "steps/s",
                                bare,
                                rate(measured, bare),
                                name,
                                rate(measured, name),
                                ratioMin,
                                false));
                rows.add(
                        new Row(
                                engine,
                                "µs CPU/step",
                                bare,
                                cost(measured, bare),
                                name,
                                cost(measured, name),
                                Double.POSITIVE_INFINITY,
                                true));
            }
        }
    }

    private static double rate(List<StepBench.Measured> measured, String name) {
        return median(
                measured.stream()
                        .filter(m -> m.name().equals(name))
                        .map(StepBench.Measured::perSecond)
                        .toList());
    }

    private static double cost(List<StepBench.Measured> measured, String name) {
        return median(
                measured.stream()
                        .filter(m -> m.name().equals(name))
                        .map(StepBench.Measured::microsPerStep)
                        .toList());
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    boolean held() {
        return rows.stream().allMatch(Row::held);
    }

    void print(PrintStream out) {
        out.printf(
                "%n%-28s %-12s %-26s %10s  %-24s %10s  %6s  %s%n",
                "what", "unit", "peer or floor", "", "ours", "", "ratio", "asked for");
        for (Row row : rows) {
            out.printf(
                    "%-28s %-12s %-26s %10.1f  %-24s %10.1f  %6.2f  %s%n",
                    row.name(),
                    row.unit(),
                    row.floorName(),
                    row.floor(),
                    row.oursName(),
                    row.ours(),
                    row.ratio(),
                    goal(row));
        }
    }

    private static String goal(Row row) {
        if (Double.isInfinite(row.goal())) {
            return "–";
        }
        return (row.atMost() ? "≤ " : "≥ ") + row.goal() + (row.held() ? "  held" : "  MISSED");
    }

    String json() {
        var mapper = new JsonMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("processors", Runtime.getRuntime().availableProcessors());
        root.put("java", System.getProperty("java.runtime.version"));
        ArrayNode array = root.putArray("rows");
        for (Row row : rows) {
            ObjectNode node = array.addObject();
            node.put("what", row.name()).put("unit", row.unit());
            node.put("floor_name", row.floorName()).put("floor", row.floor());
            node.put("ours_name", row.oursName()).put("ours", row.ours());
            node.put("ratio", row.ratio());
            if (!Double.isInfinite(row.goal())) {
                node.put(row.atMost() ? "ratio_max" : "ratio_min", row.goal());
                node.put("held", row.held());
            }
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }
}
