package entrepot.gateway.admin;

import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.market.Money;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.Scope;
import entrepot.market.statements.terms.ShareTerms;
import entrepot.market.statements.terms.Terms;
import entrepot.market.statements.terms.Tranche;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Terms as a request gives them; see {@link StatementsApi} for the shapes. */
final class TermsJson {

    private static final int TERMS_MAX = 1_000;

    private TermsJson() {}

    /** What the body gives; what it does not give is as it is known. */
    static Terms read(Fields body, Terms known) {
        List<JsonNode> commitments = list(body, "commitments");
        List<JsonNode> shares = list(body, "shares");
        List<JsonNode> tranches = list(body, "tranches");
        body.end();
        return new Terms(
                commitments == null
                        ? known.commitments()
                        : each(commitments, "commitments", TermsJson::commitment),
                shares == null ? known.shares() : each(shares, "shares", TermsJson::share),
                tranches == null
                        ? known.tranches()
                        : each(tranches, "tranches", TermsJson::tranche),
                commitments == null && shares == null && tranches == null
                        ? known.notes()
                        : List.of());
    }

    private static @Nullable List<JsonNode> list(Fields body, String name) {
        List<JsonNode> list = body.list(name);
        if (list != null && list.size() > TERMS_MAX) {
            throw Refusals.value(name, "it must have at most " + TERMS_MAX + " elements.");
        }
        return list;
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(Fields fields);
    }

    private static <T> List<T> each(List<JsonNode> nodes, String name, Reading<T> reading) {
        var all = new ArrayList<T>();
        for (int i = 0; i < nodes.size(); i++) {
            String path = name + "[" + i + "]";
            Fields fields = Fields.of(path, nodes.get(i));
            try {
                all.add(reading.read(fields));
            } catch (IllegalArgumentException e) {
                throw Refusals.value(path, e.getMessage() + ".");
            }
            fields.end();
        }
        return all;
    }

    private static CommitmentTerms commitment(Fields fields) {
        String id = fields.requiredText("id");
        return new CommitmentTerms(
                id,
                Objects.requireNonNullElse(fields.text("contract"), id),
                fields.requiredText("party"),
                Objects.requireNonNullElse(fields.text("description"), ""),
                LedgerApi.money(fields.requiredObject("amount")),
                instant(fields, "from"),
                instant(fields, "to"),
                scope(fields),
                Boolean.TRUE.equals(fields.flag("true_up")));
    }

    private static ShareTerms share(Fields fields) {
        String percent = fields.requiredText("percent");
        if (!percent.matches("\\d{1,3}(\\.\\d{1,20})?")) {
            throw Refusals.value(
                    fields.at("percent"), "it must be decimal text from \"0\" to \"100\".");
        }
        String base = fields.oneOf("base", "charge", "cost");
        String currency = fields.requiredText("currency");
        Fields cap = fields.object("cap");
        Fields before = fields.object("before");
        return new ShareTerms(
                fields.requiredText("id"),
                fields.requiredText("party"),
                new BigDecimal(percent),
                base == null
                        ? ShareTerms.Measure.CHARGE
                        : ShareTerms.Measure.valueOf(base.toUpperCase(Locale.ROOT)),
                scope(fields),
                currency,
                instant(fields, "from"),
                instant(fields, "until"),
                cap == null ? null : LedgerApi.money(cap),
                before == null ? Money.zero(currency) : LedgerApi.money(before));
    }

    private static Tranche tranche(Fields fields) {
        return new Tranche(
                fields.requiredText("id"),
                fields.requiredText("party"),
                LedgerApi.money(fields.requiredObject("amount")),
                Objects.requireNonNullElse(fields.text("trigger"), ""),
                instantIf(fields, "triggered"),
                instantIf(fields, "due"),
                instantIf(fields, "lapses"),
                instantIf(fields, "paid"));
    }

    private static Instant instant(Fields fields, String name) {
        return Periods.instant(fields.at(name), fields.requiredText(name));
    }

    private static @Nullable Instant instantIf(Fields fields, String name) {
        String text = fields.text(name);
        return text == null ? null : Periods.instant(fields.at(name), text);
    }

    private static Scope scope(Fields fields) {
        Fields eligible = fields.object("eligible");
        if (eligible == null) {
            return Scope.ALL;
        }
        Map<Dimension, Set<String>> values = new EnumMap<>(Dimension.class);
        for (Dimension dimension : Dimension.values()) {
            List<JsonNode> list = eligible.list(dimension.word());
            if (list != null) {
                var texts = new HashSet<String>();
                list.forEach(value -> texts.add(Fields.text(eligible.at(dimension.word()), value)));
                values.put(dimension, texts);
            }
        }
        eligible.end();
        return new Scope(values);
    }
}
