package entrepot.market.routing;

import entrepot.market.Inquiry;
import entrepot.market.Receipt.Verdict;
import entrepot.market.budgets.Outlook;

import java.util.List;
import java.util.stream.Collectors;

/** Puts into words what limits would say of a supposed call. */
final class Foresight {

    private static final String BUDGET = "budget";

    private Foresight() {}

    static Verdict verdict(List<Outlook> outlooks, Inquiry.Extent extent) {
        if (outlooks.isEmpty()) {
            return new Verdict(BUDGET, true, "no limit concerns this call");
        }
        for (Outlook outlook : outlooks) {
            if (!outlook.fits()) {
                return new Verdict(
                        BUDGET,
                        false,
                        outlook.refusal().message() + sized(extent),
                        outlook.limit().id(),
                        null);
            }
        }
        String words = outlooks.stream().map(Foresight::words).collect(Collectors.joining("; "));
        return new Verdict(
                BUDGET, true, words + sized(extent), outlooks.getFirst().limit().id(), null);
    }

    private static String words(Outlook outlook) {
        var limit = outlook.limit();
        return "%s would be held and %s are left of limit %s '%s' (%s)"
                .formatted(
                        outlook.asked() == null ? "nothing" : limit.words(outlook.asked()),
                        limit.words(outlook.left()),
                        limit.id(),
                        limit.name(),
                        limit.words());
    }

    private static String sized(Inquiry.Extent extent) {
        return extent.inputTokens() == null || extent.outputTokens() == null
                ? "; reckoned as large as the model allows (give input_tokens and output_tokens)"
                : "";
    }
}
