package entrepot.market.contracts.rendering;

import entrepot.market.contracts.Judgement;
import entrepot.market.contracts.rendering.Grid.Row;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A call that a channel may carry before and not after, or the other way round. */
public record CellChange(Row row, String channel, Judgement before, Judgement after) {

    /** What differs between two grids of the same rows and columns. */
    static List<CellChange> between(Grid before, Grid after) {
        var changes = new ArrayList<CellChange>();
        after.rows()
                .forEach((row, cells) -> {
                    Map<String, Judgement> old = before.rows().getOrDefault(row, Map.of());
                    cells.forEach((channel, now) -> {
                        Judgement was = old.get(channel);
                        if (was != null && was.allowed() != now.allowed()) {
                            changes.add(new CellChange(row, channel, was, now));
                        }
                    });
                });
        return changes;
    }

    /** The rows that change, whole, with an arrow where they do. */
    static String text(List<CellChange> changes, Grid after) {
        var byRow = new LinkedHashMap<Row, List<CellChange>>();
        changes.forEach(
                each -> byRow.computeIfAbsent(each.row(), row -> new ArrayList<>()).add(each));
        var columns = new Columns("  ");
        if (!byRow.isEmpty()) {
            columns.row(Grid.headings(after.channels()));
        }
        byRow.forEach((row, changed) -> {
            List<String> line = Grid.labels(row);
            for (String channel : after.channels()) {
                boolean now = Grid.allowed(after.rows().getOrDefault(row, Map.of()), channel);
                boolean arrow = changed.stream().anyMatch(each -> each.channel().equals(channel));
                line.add((arrow ? Grid.word(!now) + " → " : "") + Grid.word(now));
            }
            columns.row(line);
        });
        return columns.text();
    }

    ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("models", row.models());
        node.put("new", row.comingOut());
        node.put("api", row.apiWord());
        node.put("sold_by", row.seller());
        node.put("channel", channel);
        node.put("before", before.allowed());
        node.put("after", after.allowed());
        node.put("because", after.allowed() ? before.reason() : after.reason());
        return node;
    }
}
