package entrepot.gateway.admin;

import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.identity.Caller;
import entrepot.market.budgets.limits.LimitPatch;
import entrepot.market.budgets.limits.LimitScope;
import entrepot.market.budgets.limits.LimitScope.Kind;
import entrepot.market.budgets.limits.Measure;
import entrepot.market.budgets.limits.NewLimit;
import entrepot.market.budgets.limits.Period;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Reads what is asked of limits. */
final class LimitRequests {

    private static final int AMOUNT_CHARS_MAX = 64;

    /** What a limit counts stays, so that what was used keeps its meaning. */
    private static final List<String> FIXED =
            List.of("scope", "measure", "currency", "period", "zone");

    private LimitRequests() {}

    static NewLimit wanted(Fields body, Caller caller) {
        LimitScope scope = scope(body.requiredObject("scope"), caller);
        Measure measure = word(body, "measure", Measure.class, null);
        Period period =
                word(
                        body,
                        "period",
                        Period.class,
                        measure == Measure.CONCURRENCY ? Period.NONE : null);
        String name = body.text("name");
        var wanted =
                new NewLimit(
                        name == null ? written(measure) + " of " + written(scope.kind()) : name,
                        scope,
                        measure,
                        body.text("currency"),
                        amount(body.at("amount"), body.required("amount")),
                        period,
                        zone(body),
                        !Boolean.FALSE.equals(body.flag("hard")),
                        percents(body, List.of()),
                        holdIfUnknown(body));
        body.end();
        return wanted;
    }

    static LimitPatch patch(Fields body) {
        for (String fixed : FIXED) {
            if (body.has(fixed)) {
                throw Refusals.value(
                        fixed,
                        "it cannot be changed, or what was used would lose its meaning: end this"
                                + " limit and make another.");
            }
        }
        boolean unknown = body.has("hold_if_unknown");
        var patch =
                new LimitPatch(
                        body.has("name") ? body.requiredText("name") : null,
                        body.has("amount") ? amount("amount", body.required("amount")) : null,
                        body.has("hard") ? (Boolean) body.requiredFlag("hard") : null,
                        body.has("alert_percents") ? percents(body, null) : null,
                        unknown ? new LimitPatch.OnUnknown(holdIfUnknown(body)) : null);
        body.end();
        return patch;
    }

    private static LimitScope scope(Fields scope, Caller caller) {
        Kind kind = word(scope, "kind", Kind.class, null);
        String id = kind == Kind.TENANT ? scope.text("id") : scope.requiredText("id");
        scope.end();
        return new LimitScope(kind, id == null ? caller.tenant() : id);
    }

    private static <E extends Enum<E>> E word(
            Fields body, String name, Class<E> type, @Nullable E otherwise) {
        E[] known = type.getEnumConstants();
        String word = otherwise == null ? body.requiredText(name) : body.text(name);
        if (word == null && otherwise != null) {
            return otherwise;
        }
        for (E each : known) {
            if (written(each).equals(word)) {
                return each;
            }
        }
        String all =
                Arrays.stream(known).map(LimitRequests::written).collect(Collectors.joining(", "));
        throw Refusals.value(body.at(name), "it must be one of " + all + ".");
    }

    static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static ZoneId zone(Fields body) {
        String zone = body.text("zone");
        if (zone == null) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            throw Refusals.value("zone", "it must be a time zone, such as Europe/Berlin.");
        }
    }

    private static @Nullable BigDecimal holdIfUnknown(Fields body) {
        JsonNode value = body.get("hold_if_unknown");
        return value == null ? null : amount("hold_if_unknown", value);
    }

    /** Decimal text, or a number, which is read exactly too. */
    private static BigDecimal amount(String param, JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue();
        }
        if (!value.isString()) {
            throw Refusals.wrongType(param, "decimal text or a number", Fields.kind(value));
        }
        try {
            String text = value.stringValue();
            if (text.length() <= AMOUNT_CHARS_MAX) {
                return new BigDecimal(text);
            }
        } catch (NumberFormatException notANumber) {
            // Told below, as what is too long.
        }
        throw Refusals.value(param, "it must be a decimal, such as 12.50.");
    }

    private static List<Integer> percents(Fields body, @Nullable List<Integer> otherwise) {
        List<JsonNode> values =
                otherwise == null
                        ? body.requiredList("alert_percents")
                        : body.list("alert_percents");
        var percents = new ArrayList<Integer>();
        for (int i = 0; values != null && i < values.size(); i++) {
            JsonNode value = values.get(i);
            if (!value.canConvertToInt() || !value.isIntegralNumber()) {
                throw Refusals.wrongType(
                        "alert_percents[" + i + "]", "an integer", Fields.kind(value));
            }
            percents.add(value.intValue());
        }
        return percents;
    }
}
