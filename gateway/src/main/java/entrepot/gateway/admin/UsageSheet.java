package entrepot.gateway.admin;

import entrepot.conversation.Usage.Meter;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.UsageQuery;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.sheet.Sheet;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Usage as a table: time, dimensions, requests, meters that were used, cost and charge. */
final class UsageSheet {

    private UsageSheet() {}

    static Sheet of(UsageQuery query, List<UsageRow> found) {
        List<Dimension> by = query.by().stream().sorted().toList();
        var meters = new ArrayList<Meter>();
        for (Meter meter : Meter.values()) {
            if (found.stream().anyMatch(row -> row.sums().of(meter) != 0)) {
                meters.add(meter);
            }
        }
        var columns = new ArrayList<String>();
        if (query.every() != null) {
            columns.add(AdminJson.word(query.every()));
        }
        by.forEach(dimension -> columns.add(dimension.word()));
        columns.addAll(List.of("requests", "unpriced", "estimated"));
        // A meter of that name counts what suppliers bill; attempts stand under requests.
        meters.forEach(meter ->
                columns.add(meter == Meter.REQUESTS ? "requests_metered" : AdminJson.word(meter)));
        columns.addAll(List.of("cost", "cost_currency", "charge", "charge_currency"));
        var rows = new ArrayList<List<@Nullable String>>();
        for (UsageRow row : found) {
            var cells = new ArrayList<@Nullable String>();
            if (query.every() != null) {
                cells.add(String.valueOf(row.bucket()));
            }
            by.forEach(dimension -> cells.add(row.of(dimension)));
            cells.add(Long.toString(row.sums().requests()));
            cells.add(Long.toString(row.sums().unpriced()));
            cells.add(Long.toString(row.sums().estimated()));
            meters.forEach(meter -> cells.add(Long.toString(row.sums().of(meter))));
            boolean cost = !row.costCurrency().isEmpty();
            cells.add(cost ? row.sums().cost().toPlainString() : null);
            cells.add(cost ? row.costCurrency() : null);
            boolean charge = !row.chargeCurrency().isEmpty();
            cells.add(charge ? row.sums().charge().toPlainString() : null);
            cells.add(charge ? row.chargeCurrency() : null);
            rows.add(cells);
        }
        return Sheet.of("Usage, %s to %s".formatted(query.from(), query.to()), columns, rows);
    }
}
