package entrepot.market.statements.focus;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Grain;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.sheet.Sheet;
import entrepot.market.statements.terms.CommitmentTerms;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes Cost and Usage: one row per day, or hour, and combination of dimensions. Where known unit
 * prices give the cost to the last digit, each meter has a row of its own; else one row stands for
 * all of them, with a quantity of one.
 */
public final class FocusExport {

    private static final String TOKENS = "1000000 Tokens";
    private static final String AGGREGATE = "Aggregate";

    private final Issuer issuer;
    private final Grain grain;
    private final UnitPrices prices;
    private final Map<CommitmentTerms, BigDecimal> left = new LinkedHashMap<>();
    private final List<List<@Nullable String>> rows = new ArrayList<>();
    private long unpriced;

    private FocusExport(
            Issuer issuer, Grain grain, UnitPrices prices, Map<CommitmentTerms, Money> left) {
        this.issuer = issuer;
        this.grain = grain;
        this.prices = prices;
        left.forEach((terms, money) -> this.left.put(terms, money.amount()));
    }

    /**
     * What was written.
     *
     * @param unpriced requests that are not in it, because no price is known for what they used
     */
    public record Export(Sheet sheet, long unpriced) {}

    /**
     * @param usage by all dimensions and this grain, in the order of time
     * @param left what is left of each commitment at the first moment; what rows take from it
     *     stands in ContractApplied
     */
    public static Export costAndUsage(
            Issuer issuer,
            Grain grain,
            UnitPrices prices,
            Map<CommitmentTerms, Money> left,
            List<UsageRow> usage) {
        var export = new FocusExport(issuer, grain, prices, left);
        usage.forEach(export::add);
        return new Export(
                new Sheet("FOCUS 1.4 Cost and Usage", CostRow.COLUMNS, export.rows),
                export.unpriced);
    }

    private void add(UsageRow row) {
        unpriced += row.sums().unpriced();
        String currency = issuer.charges() ? row.chargeCurrency() : row.costCurrency();
        if (currency.isEmpty()) {
            return;
        }
        BigDecimal cost = issuer.charges() ? row.sums().charge() : row.sums().cost();
        Map<Meter, BigDecimal> perMillion = meterPrices(row, cost);
        if (perMillion.isEmpty()) {
            aggregate(row, cost, currency);
            return;
        }
        for (Map.Entry<Meter, Long> used : row.sums().meters().entrySet()) {
            BigDecimal price = perMillion.getOrDefault(used.getKey(), BigDecimal.ZERO);
            BigDecimal quantity = BigDecimal.valueOf(used.getValue()).movePointLeft(6);
            var cells = begun(row, price.multiply(quantity), currency);
            String meter = title(used.getKey());
            cells.put("ChargeDescription", row.of(Dimension.MODEL) + ", " + meter);
            cells.put("PricingCategory", "Standard");
            cells.put("PricingQuantity", plain(quantity));
            cells.put("PricingUnit", pricingUnit(used.getKey()));
            cells.put("ListUnitPrice", plain(price));
            cells.put("ContractedUnitPrice", plain(price));
            cells.put("ConsumedQuantity", used.getValue().toString());
            cells.put("ConsumedUnit", unit(used.getKey()));
            cells.put("SkuId", row.of(Dimension.MODEL));
            cells.put("SkuMeter", meter);
            cells.put(
                    "SkuPriceId",
                    row.of(Dimension.SUPPLIER)
                            + "/"
                            + row.of(Dimension.MODEL)
                            + "/"
                            + used.getKey().name().toLowerCase(Locale.ROOT));
            rows.add(CostRow.cells(cells));
        }
    }

    /** A price for each meter that was used, when they give the cost exactly; else none. */
    private Map<Meter, BigDecimal> meterPrices(UsageRow row, BigDecimal cost) {
        if (issuer.charges() || row.of(Dimension.OUTCOME).equals("corrected")) {
            return Map.of();
        }
        var found = new EnumMap<Meter, BigDecimal>(Meter.class);
        BigDecimal sum = BigDecimal.ZERO;
        for (Map.Entry<Meter, Long> used : row.sums().meters().entrySet()) {
            BigDecimal price =
                    prices.perMillion(
                            row.of(Dimension.MODEL), row.of(Dimension.SUPPLIER), used.getKey());
            if (price == null) {
                return Map.of();
            }
            found.put(used.getKey(), price);
            sum = sum.add(price.multiply(BigDecimal.valueOf(used.getValue())).movePointLeft(6));
        }
        return sum.compareTo(cost) == 0 ? found : Map.of();
    }

    private void aggregate(UsageRow row, BigDecimal cost, String currency) {
        var cells = begun(row, cost, currency);
        boolean corrected = row.of(Dimension.OUTCOME).equals("corrected");
        long tokens =
                row.sums().meters().entrySet().stream()
                        .filter(used -> unit(used.getKey()).equals("Tokens"))
                        .mapToLong(Map.Entry::getValue)
                        .sum();
        cells.put(
                "ChargeDescription",
                row.of(Dimension.MODEL)
                        + (corrected ? ", re-rated from an earlier month" : ", all meters"));
        if (corrected) {
            cells.put("ChargeClass", "Correction");
        } else {
            // A unit price must not be negative: what is given back is a negative quantity.
            cells.put("PricingQuantity", cost.signum() < 0 ? "-1" : "1");
            cells.put("PricingUnit", AGGREGATE);
            cells.put("ListUnitPrice", plain(cost.abs()));
            cells.put("ContractedUnitPrice", plain(cost.abs()));
            cells.put("PricingCategory", "Other");
        }
        if (tokens > 0) {
            cells.put("ConsumedQuantity", Long.toString(tokens));
            cells.put("ConsumedUnit", "Tokens");
        }
        cells.put("SkuId", row.of(Dimension.MODEL));
        cells.put("SkuMeter", "All Meters");
        cells.put(
                "SkuPriceId",
                row.of(Dimension.SUPPLIER) + "/" + row.of(Dimension.MODEL) + "/aggregate");
        rows.add(CostRow.cells(cells));
    }

    private Map<String, String> begun(UsageRow row, BigDecimal cost, String currency) {
        Map<String, String> cells = CostRow.begin(issuer, grain, row, plain(cost), currency);
        String applied = applied(row, cost, currency);
        if (applied != null) {
            cells.put("ContractApplied", applied);
        }
        return cells;
    }

    /** Takes the cost from each commitment that is in force and has something left. */
    private @Nullable String applied(UsageRow row, BigDecimal cost, String currency) {
        Instant bucket = row.bucket();
        if (issuer.charges() || bucket == null || cost.signum() <= 0) {
            return null;
        }
        var elements = new ArrayList<Map.Entry<CommitmentTerms, BigDecimal>>();
        for (Map.Entry<CommitmentTerms, BigDecimal> each : left.entrySet()) {
            CommitmentTerms terms = each.getKey();
            boolean counts =
                    each.getValue().signum() > 0
                            && terms.amount().currency().equals(currency)
                            && !bucket.isBefore(terms.from())
                            && bucket.isBefore(terms.to())
                            && coversAll(terms, row);
            if (counts) {
                BigDecimal part = cost.min(each.getValue());
                elements.add(Map.entry(terms, part));
                each.setValue(each.getValue().subtract(part));
            }
        }
        return elements.isEmpty() ? null : CostRow.contractApplied(elements);
    }

    private static boolean coversAll(CommitmentTerms terms, UsageRow row) {
        return terms.eligible().exact().entrySet().stream()
                        .allMatch(each -> each.getValue().contains(row.of(each.getKey())))
                && terms.eligible().covers(row.values());
    }

    private static String unit(Meter meter) {
        return switch (meter) {
            case REQUESTS -> "Requests";
            case IMAGES -> "Images";
            default -> "Tokens";
        };
    }

    private static String pricingUnit(Meter meter) {
        String unit = unit(meter);
        return unit.equals("Tokens") ? TOKENS : "1000000 " + unit;
    }

    /** Such as {@code Cache Read}. */
    private static String title(Meter meter) {
        var title = new StringBuilder();
        for (String word : meter.name().split("_")) {
            title.append(title.isEmpty() ? "" : " ")
                    .append(word.charAt(0))
                    .append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return title.toString();
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
