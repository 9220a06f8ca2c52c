package entrepot.market.terms;

import entrepot.identity.Caller;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Model;
import entrepot.market.gates.OfferGate;
import entrepot.market.gates.Question;
import entrepot.market.terms.Entitlement.Holder;
import entrepot.market.terms.Entitlement.Kind;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Whether the caller's tenant granted it this model. A tenant that never granted anything lets all
 * of its callers use all models; once it has, what is not granted is refused, also when everything
 * was revoked again.
 */
public final class EntitlementGate implements OfferGate {

    static final String NAME = "entitlement";

    private static final Verdict NOT_USED =
            new Verdict(NAME, true, "the tenant grants no models one by one");

    private final Entitlements entitlements;

    public EntitlementGate(Entitlements entitlements) {
        this.entitlements = entitlements;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean idle() {
        return entitlements.isEmpty();
    }

    @Override
    public Verdict nothing() {
        return NOT_USED;
    }

    @Override
    public Verdict judge(Question question) {
        String model = question.model().id();
        Verdict yes = yes(question.caller(), model, question.at(), question.known());
        return yes == null ? refusal(question.caller(), model) : yes;
    }

    @Override
    public boolean lists(Caller caller, Model model) {
        Instant now = entitlements.now();
        return yes(caller, model.id(), now, now) != null;
    }

    private @Nullable Verdict yes(Caller caller, String model, Instant at, Instant known) {
        Entitlements.Granted granted = entitlements.granted(caller.tenant());
        if (granted == null || granted.first().isAfter(at) || granted.first().isAfter(known)) {
            return NOT_USED;
        }
        Verdict yes = yes(granted, Holder.EVERYONE, model, at, known);
        if (yes == null) {
            yes = yes(granted, new Holder(Kind.TEAM, caller.team()), model, at, known);
        }
        if (yes == null) {
            yes = yes(granted, new Holder(Kind.PRINCIPAL, caller.principal()), model, at, known);
        }
        return yes;
    }

    private @Nullable Verdict yes(
            Entitlements.Granted granted, Holder holder, String model, Instant at, Instant known) {
        for (Entitlements.Held held : granted.of(holder)) {
            if (held.entitlement().inForce(at, known)
                    && entitlements.covers(held.entitlement().models(), model)) {
                return held.verdict();
            }
        }
        return null;
    }

    private static Verdict refusal(Caller caller, String model) {
        return new Verdict(
                NAME,
                false,
                "%s is granted neither to team %s nor to principal %s"
                        .formatted(model, caller.team(), caller.principal()),
                "entitlements of tenant " + caller.tenant(),
                "let an admin run entrepot entitlements grant %s --team %s"
                        .formatted(model, caller.team()));
    }
}
