package entrepot.market.statements.reconcile;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Sums;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.sheet.Sheet;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What differs between an invoice and the ledger, model by model.
 *
 * @param differences where they differ at all; empty when they are the same
 * @param tolerance how large a difference may be
 */
public record Reconciliation(List<Difference> differences, Money tolerance) {

    public Reconciliation {
        differences = List.copyOf(differences);
    }

    /** What is probably behind a difference. */
    public enum Cause {
        /** The ledger has it, and the invoice does not. */
        NOT_INVOICED,
        /** The invoice has it, and the ledger does not. */
        NOT_IN_LEDGER,
        /** Both have it, in different currencies. */
        CURRENCY,
        /** The ledger has usage of it whose price is not known. */
        UNPRICED,
        /** What was counted differs. */
        QUANTITY,
        /** What was counted is the same, or not told: the price differs. */
        PRICE
    }

    /**
     * One difference.
     *
     * @param invoiced null when the invoice does not have it
     * @param booked null when the ledger does not have it
     * @param detail what was counted, where that is told
     */
    public record Difference(
            String model,
            @Nullable Money invoiced,
            @Nullable Money booked,
            Cause cause,
            String detail) {

        public Difference {
            if (invoiced == null && booked == null) {
                throw new IllegalArgumentException(model + " is in neither");
            }
        }

        /** Invoiced less booked, in the currency of either. */
        public Money amount() {
            if (invoiced == null) {
                return Objects.requireNonNull(booked).negated();
            }
            return booked == null || !booked.currency().equals(invoiced.currency())
                    ? invoiced
                    : invoiced.minus(booked);
        }
    }

    /**
     * @param invoice all lines of the supplier's invoice for the period
     * @param ledger sums of the supplier's period by model
     */
    public static Reconciliation of(
            List<InvoiceLine> invoice, List<UsageRow> ledger, Money tolerance) {
        var invoiced = new TreeMap<String, List<InvoiceLine>>();
        invoice.forEach(
                line -> invoiced.computeIfAbsent(line.model(), _ -> new ArrayList<>()).add(line));
        var booked = new TreeMap<String, List<UsageRow>>();
        for (UsageRow row : ledger) {
            if (!row.costCurrency().isEmpty() || row.sums().unpriced() != 0) {
                booked.computeIfAbsent(row.of(Dimension.MODEL), _ -> new ArrayList<>()).add(row);
            }
        }
        var models = new TreeSet<>(invoiced.keySet());
        models.addAll(booked.keySet());
        var differences = new ArrayList<Difference>();
        for (String model : models) {
            compare(
                    model,
                    invoiced.getOrDefault(model, List.of()),
                    booked.getOrDefault(model, List.of()),
                    differences);
        }
        return new Reconciliation(differences, tolerance);
    }

    private static void compare(
            String model,
            List<InvoiceLine> lines,
            List<UsageRow> rows,
            List<Difference> differences) {
        var invoiced = new HashMap<String, Money>();
        lines.forEach(line -> invoiced.merge(line.amount().currency(), line.amount(), Money::plus));
        var booked = new HashMap<String, Money>();
        var used = new Sums();
        for (UsageRow row : rows) {
            used.add(row.sums());
            if (!row.costCurrency().isEmpty()) {
                booked.merge(
                        row.costCurrency(),
                        new Money(row.sums().cost(), row.costCurrency()),
                        Money::plus);
            }
        }
        String counted = counted(lines, used);
        var currencies = new TreeSet<>(invoiced.keySet());
        currencies.addAll(booked.keySet());
        for (String currency : currencies) {
            Money ours = booked.get(currency);
            Money theirs = invoiced.get(currency);
            boolean same = ours != null && theirs != null && ours.compareTo(theirs) == 0;
            boolean nothing = amountless(ours) && amountless(theirs);
            if (!same && !nothing) {
                Cause cause;
                if (theirs == null) {
                    cause = invoiced.isEmpty() ? Cause.NOT_INVOICED : Cause.CURRENCY;
                } else if (ours == null && !booked.isEmpty()) {
                    cause = Cause.CURRENCY;
                } else if (used.unpriced() > 0) {
                    cause = Cause.UNPRICED;
                } else if (ours == null) {
                    cause = Cause.NOT_IN_LEDGER;
                } else {
                    cause = counted.isEmpty() ? Cause.PRICE : Cause.QUANTITY;
                }
                differences.add(new Difference(model, theirs, ours, cause, counted));
            }
        }
    }

    private static boolean amountless(@Nullable Money money) {
        return money == null || money.amount().signum() == 0;
    }

    /** What was counted differently, in words; empty when nothing was, or nothing is told. */
    private static String counted(List<InvoiceLine> lines, Sums used) {
        var byMeter = new EnumMap<Meter, BigDecimal>(Meter.class);
        BigDecimal whole = null;
        for (InvoiceLine line : lines) {
            BigDecimal quantity = line.quantity();
            Meter meter = line.meter();
            if (quantity != null && meter != null) {
                byMeter.merge(meter, quantity, BigDecimal::add);
            } else if (quantity != null) {
                whole = whole == null ? quantity : whole.add(quantity);
            }
        }
        var told = new ArrayList<String>();
        for (Map.Entry<Meter, BigDecimal> each : byMeter.entrySet()) {
            BigDecimal ours = BigDecimal.valueOf(used.of(each.getKey()));
            if (ours.compareTo(each.getValue()) != 0) {
                told.add(
                        "%s: %s invoiced, %s booked"
                                .formatted(
                                        each.getKey().name().toLowerCase(Locale.ROOT),
                                        each.getValue().toPlainString(),
                                        ours.toPlainString()));
            }
        }
        if (whole != null) {
            long tokens =
                    used.meters().entrySet().stream()
                            .filter(each ->
                                    each.getKey() != Meter.REQUESTS
                                            && each.getKey() != Meter.IMAGES)
                            .mapToLong(Map.Entry::getValue)
                            .sum();
            if (whole.compareTo(BigDecimal.valueOf(tokens)) != 0) {
                told.add("tokens: %s invoiced, %d booked".formatted(whole.toPlainString(), tokens));
            }
        }
        return String.join("; ", told);
    }

    /** Whether a difference is larger than may be, or in another currency than the tolerance. */
    public boolean exceeds() {
        return differences.stream()
                .anyMatch(difference -> {
                    Money amount = difference.amount();
                    return difference.cause() == Cause.CURRENCY
                            || !amount.currency().equals(tolerance.currency())
                            || amount.amount().abs().compareTo(tolerance.amount()) > 0;
                });
    }

    public Sheet sheet() {
        var rows = new ArrayList<List<@Nullable String>>();
        for (Difference each : differences) {
            Money invoiced = each.invoiced();
            Money booked = each.booked();
            rows.add(
                    Sheet.row(
                            each.model(),
                            each.cause().name().toLowerCase(Locale.ROOT),
                            invoiced == null ? null : invoiced.amount().toPlainString(),
                            booked == null ? null : booked.amount().toPlainString(),
                            each.amount().amount().toPlainString(),
                            each.amount().currency(),
                            each.detail()));
        }
        return new Sheet(
                "Differences between invoice and ledger, tolerance " + tolerance,
                List.of("model", "cause", "invoiced", "booked", "difference", "currency", "detail"),
                rows);
    }
}
