package entrepot.protocols;

import entrepot.conversation.Answer;
import entrepot.conversation.Event;
import entrepot.conversation.ToolChoice;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.json.Json;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What every dialect's made records are made of. */
public abstract class Making {

    protected final Seeds seeds;

    protected Making(Seeds seeds) {
        this.seeds = seeds;
    }

    /** A stream for an answer: its parts in pieces, calls interleaved. */
    public final List<Event> events(Answer answer) {
        return Told.events(answer, seeds);
    }

    protected final ToolChoice choice(String dialect, Supplier<JsonNode> unknown) {
        return switch (seeds.upTo(4)) {
            case 0 -> new ToolChoice.None();
            case 1 -> new ToolChoice.Required();
            case 2 -> new ToolChoice.Named(seeds.word());
            case 3 -> new ToolChoice.Unknown(dialect, unknown.get());
            default -> ToolChoice.AUTO;
        };
    }

    protected final Usage usage(Meter... told) {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        for (Meter meter : told) {
            meters.put(meter, (long) seeds.upTo(9));
        }
        return new Usage(meters, false);
    }

    /** A member that says something: what says nothing is no loss. */
    protected final Map<String, JsonNode> foreign() {
        return Map.of(seeds.word(), Json.object().set("x", seeds.json(2)));
    }

    protected final JsonNode unknown(String type) {
        return Json.object().put("type", type).set("body", seeds.json(2));
    }

    /** A number with two places, or none in as many cases as not. */
    protected final @Nullable BigDecimal hundredths(int upTo) {
        return seeds.oneIn(2) ? null : BigDecimal.valueOf(seeds.upTo(upTo), 2);
    }

    /** A number with two places in one case of so many, else none. */
    protected final @Nullable BigDecimal rarely(int oneIn, int upTo) {
        return seeds.oneIn(oneIn) ? BigDecimal.valueOf(seeds.upTo(upTo), 2) : null;
    }

    protected final String text() {
        return seeds.oneIn(20) ? "" : "t" + seeds.text(6);
    }

    protected final @Nullable String word() {
        return seeds.oneIn(3) ? null : seeds.word();
    }

    protected final @Nullable Boolean flag() {
        return seeds.oneIn(3) ? null : seeds.oneIn(2);
    }

    protected final <T> List<T> list(int countMax, Supplier<? extends T> make) {
        var list = new ArrayList<T>();
        for (int left = seeds.upTo(countMax); left > 0; left--) {
            list.add(make.get());
        }
        return list;
    }
}
