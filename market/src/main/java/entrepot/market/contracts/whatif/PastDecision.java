package entrepot.market.contracts.whatif;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Order.ApiKind;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Carriage;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * An order that was filled or refused, with all that is needed to decide it again.
 *
 * @param model canonical, {@code vendor/name}
 * @param usage what it used, or would have: prices are multiplied with it
 * @param candidates the offers there were, in the order in which they were preferred
 * @param chosen the supplier that filled it; null when none did
 */
public record PastDecision(
        String orderId,
        String model,
        ApiKind api,
        String territory,
        Instant at,
        Usage usage,
        List<Candidate> candidates,
        @Nullable String chosen) {

    public PastDecision {
        candidates = List.copyOf(candidates);
        if (chosen != null) {
            String wanted = chosen;
            if (candidates.stream().noneMatch(each -> each.supplier().equals(wanted))) {
                throw new IllegalArgumentException(wanted + " is none of the candidates");
            }
        }
    }

    /**
     * One offer.
     *
     * @param perMillion what a million of each meter costs there; a meter that is absent has no
     *     known price, except that reasoning costs what output costs
     */
    public record Candidate(
            String supplier,
            String channel,
            boolean firstParty,
            String currency,
            Map<Meter, BigDecimal> perMillion) {

        public Candidate {
            var prices = new EnumMap<Meter, BigDecimal>(Meter.class);
            prices.putAll(perMillion);
            perMillion = Collections.unmodifiableMap(prices);
        }
    }

    String vendor() {
        return model.substring(0, model.indexOf('/'));
    }

    Carriage by(Candidate candidate, AsOf asOf) {
        return new Carriage(
                model,
                vendor(),
                api,
                candidate.channel(),
                candidate.firstParty(),
                territory,
                asOf.at(),
                asOf.known());
    }
}
