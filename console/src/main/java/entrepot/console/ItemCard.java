package entrepot.console;

/**
 * A piece of the conversation.
 *
 * @param kind {@code user}, {@code agent} or {@code tool}
 * @param folded whether it is shown only when asked for
 * @param html rendered and safe; empty where the text is shown as it is
 */
public record ItemCard(
        String kind,
        String who,
        String note,
        boolean folded,
        String summary,
        String plain,
        String html) {}
