package entrepot.console;

import entrepot.market.Receipt;

import java.util.List;

/**
 * One fact on the timeline.
 *
 * @param tone {@code model}, {@code tool}, {@code good}, {@code bad}, {@code wait} or empty
 * @param at ISO 8601
 * @param offset since the session began
 * @param gates what each gate said, where a model was called
 */
public record Moment(
        String tone,
        String at,
        String offset,
        String title,
        String aside,
        String more,
        List<Receipt.Verdict> gates) {}
