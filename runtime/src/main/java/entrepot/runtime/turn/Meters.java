package entrepot.runtime.turn;

import entrepot.conversation.Usage;

import java.util.EnumMap;

/** Adds usage up. */
public final class Meters {

    private Meters() {}

    public static Usage sum(Usage one, Usage other) {
        EnumMap<Usage.Meter, Long> meters = new EnumMap<>(Usage.Meter.class);
        meters.putAll(one.meters());
        other.meters().forEach((meter, count) -> meters.merge(meter, count, Long::sum));
        // Of a turn it is only asked how much: what each call cost stands on its own receipt.
        return new Usage(meters, one.estimated() || other.estimated());
    }
}
