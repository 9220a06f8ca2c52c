package entrepot.gateway.admin;

import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Grain;
import entrepot.market.ledger.rollups.UsageQuery;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Times and dimensions as a query says them. */
final class Periods {

    private Periods() {}

    /** A month, a date or an instant: {@code 2026-10}, {@code 2026-10-01}, or with a time. */
    static Instant instant(String name, String text) {
        try {
            if (text.length() == 7) {
                return YearMonth.parse(text).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw Refusals.value(
                    name, "it must be a month, a date or an instant, such as 2026-10-01.");
        }
    }

    static Instant required(Query query, String name) {
        String text = query.get(name);
        if (text == null) {
            throw Refusals.missing(name);
        }
        return instant(name, text);
    }

    static Instant orElse(Query query, String name, Instant otherwise) {
        String text = query.get(name);
        return text == null ? otherwise : instant(name, text);
    }

    /** Reads {@code from}, {@code to}, {@code by}, {@code every} and values of dimensions. */
    static UsageQuery usage(String tenant, Query query) {
        Instant from = required(query, "from");
        Instant to = required(query, "to");
        if (to.isBefore(from)) {
            throw Refusals.value("to", "it must not be before from.");
        }
        return new UsageQuery(tenant, from, to, by(query), every(query), where(query));
    }

    static Set<Dimension> by(Query query) {
        var by = EnumSet.noneOf(Dimension.class);
        String words = query.get("by");
        if (words != null && !words.isEmpty()) {
            for (String word : words.split(",")) {
                by.add(dimension("by", word));
            }
        }
        return by;
    }

    static Dimension dimension(String name, String word) {
        try {
            return Dimension.of(word.strip());
        } catch (IllegalArgumentException e) {
            throw Refusals.value(
                    name,
                    "'"
                            + word
                            + "' is none of team, project, model, supplier, channel, region, api,"
                            + " outcome.");
        }
    }

    static @Nullable Grain every(Query query) {
        String word = query.get("every");
        if (word == null) {
            return null;
        }
        try {
            return Grain.of(word);
        } catch (IllegalArgumentException e) {
            throw Refusals.value("every", "it must be hour, day or month.");
        }
    }

    private static Map<Dimension, Set<String>> where(Query query) {
        var where = new EnumMap<Dimension, Set<String>>(Dimension.class);
        for (Dimension dimension : Dimension.values()) {
            String values = query.get(dimension.word());
            if (values != null) {
                where.put(dimension, Set.of(values));
            }
        }
        return where;
    }
}
