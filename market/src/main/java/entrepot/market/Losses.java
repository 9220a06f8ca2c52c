package entrepot.market;

import entrepot.conversation.Loss;

import java.util.List;

/** Losses as one line: for a header, and for the ledger. */
public final class Losses {

    private static final int PATHS_MAX = 20;

    private Losses() {}

    /** The paths, such as {@code tools[0], metadata}; the first twenty, and how many more. */
    public static String text(List<Loss> losses) {
        var paths = losses.stream().map(Loss::path).distinct().toList();
        String text = String.join(", ", paths.subList(0, Math.min(PATHS_MAX, paths.size())));
        String line = paths.size() > PATHS_MAX ? text + ", +" + (paths.size() - PATHS_MAX) : text;
        return line.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
