package entrepot.market.hindsight;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.Supplier.Channel;
import entrepot.market.contracts.whatif.PastDecision.Candidate;
import entrepot.market.prices.PriceBook;
import entrepot.market.prices.RatingQuestion;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Who may fill an order of then, by the catalogue of now. */
record Offers(Catalogue catalogue) {

    private static final String CONTRACT_GATE = "contract";
    private static final String NO_CURRENCY = "USD"; // of prices that nobody knows

    /**
     * The model's offers, one for each supplier, in order of preference.
     *
     * @param at for which day they are priced
     */
    Map<String, Candidate> of(String modelId, Instant at) {
        var found = new LinkedHashMap<String, Candidate>();
        Model model = catalogue.models().get(modelId);
        if (model != null) {
            for (Model.Offer offer : model.offers()) {
                Channel channel = channel(offer.supplier());
                if (channel != null) {
                    found.putIfAbsent(offer.supplier(), candidate(channel, model, offer, at));
                }
            }
        }
        return found;
    }

    /** How a supplier that filled an order sold; null when that is not known any more. */
    @Nullable Candidate then(Receipt receipt) {
        String vendor = vendor(receipt.model());
        String name = receipt.channel();
        Channel now = channel(receipt.supplier());
        if (now != null && (name == null || now.name().equals(name))) {
            return unpriced(receipt.supplier(), now, vendor);
        }
        return name == null ? null : unpriced(receipt.supplier(), Channel.of(name), vendor);
    }

    /**
     * The offers that the contracts alone refused.
     *
     * @return null when something else had a say in that nobody filled it
     */
    @Nullable List<Candidate> refused(Receipt receipt) {
        boolean otherwise =
                receipt.verdicts().stream()
                        .anyMatch(each -> !each.passed() && !isContract(each) && !names(each));
        return otherwise || !byContracts(receipt) ? null : forbidden(receipt);
    }

    /** The offers that the contracts refused, as far as the catalogue still has them. */
    List<Candidate> forbidden(Receipt receipt) {
        Map<String, Candidate> offers = of(receipt.model(), receipt.startedAt());
        return receipt.verdicts().stream()
                .filter(each -> !each.passed() && isContract(each))
                .map(each -> offers.get(supplier(each)))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether the contracts refused an offer. */
    static boolean byContracts(Receipt receipt) {
        return contractRefusals(receipt) > 0;
    }

    /** How many offers the contracts refused. */
    static long contractRefusals(Receipt receipt) {
        return receipt.verdicts().stream()
                .filter(each -> !each.passed() && isContract(each))
                .count();
    }

    private static boolean isContract(Verdict verdict) {
        return verdict.gate().equals(CONTRACT_GATE);
    }

    /** Whether a refusal is of one offer, of a supplier that the catalogue has. */
    private boolean names(Verdict verdict) {
        return catalogue.supplier(supplier(verdict)) != null;
    }

    /** Refusals of an offer begin with its supplier: {@code azure-1: the contracts do not…}. */
    private static String supplier(Verdict verdict) {
        int colon = verdict.reason().indexOf(": ");
        return colon < 0 ? "" : verdict.reason().substring(0, colon);
    }

    private @Nullable Channel channel(String supplierId) {
        var supplier = catalogue.supplier(supplierId);
        return supplier == null ? null : supplier.channel();
    }

    /** The buyer's country, which receipts do not record: as the catalogue has it now. */
    String territory(String tenant) {
        return catalogue.demands().buyer(tenant).territory();
    }

    static String vendor(String modelId) {
        return modelId.substring(0, modelId.indexOf('/'));
    }

    private static Candidate unpriced(String supplier, Channel channel, String vendor) {
        return new Candidate(
                supplier, channel.name(), channel.firstParty(vendor), NO_CURRENCY, Map.of());
    }

    private Candidate candidate(Channel channel, Model model, Model.Offer offer, Instant at) {
        PriceBook.Sheet sheet =
                catalogue
                        .prices()
                        .sheet(new RatingQuestion(model.id(), offer.supplier(), offer.name(), at));
        if (sheet == null) {
            return unpriced(offer.supplier(), channel, model.vendor());
        }
        return new Candidate(
                offer.supplier(),
                channel.name(),
                channel.firstParty(model.vendor()),
                sheet.tariff().currency(),
                sheet.free() ? nothing() : sheet.perMillion());
    }

    private static Map<Meter, BigDecimal> nothing() {
        var prices = new EnumMap<Meter, BigDecimal>(Meter.class);
        for (Meter meter : Meter.values()) {
            prices.put(meter, BigDecimal.ZERO);
        }
        return prices;
    }
}
