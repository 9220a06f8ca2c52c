package entrepot.market.terms;

import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Demands.Residency;
import entrepot.market.gates.Question;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The residency rules that stand in the catalogue in force. */
public final class CatalogueResidency implements ResidencySource {

    private final Supplier<Catalogue> catalogue;

    public CatalogueResidency(Supplier<Catalogue> catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public boolean isEmpty() {
        return catalogue.get().demands().residency().isEmpty();
    }

    @Override
    public List<ResidencyRule> rules(Question question) {
        List<Residency> all = catalogue.get().demands().residency();
        if (all.isEmpty()) {
            return List.of();
        }
        var fitting = new ArrayList<ResidencyRule>();
        for (Residency each : all) {
            if (fits(each.tenant(), question.caller().tenant())
                    && fits(each.project(), question.purpose().project())
                    && fits(each.dataClass(), question.purpose().dataClass())) {
                fitting.add(
                        new ResidencyRule(
                                each.path() + " of the catalogue",
                                each.territories(),
                                each.regions(),
                                each.processors()));
            }
        }
        return fitting;
    }

    private static boolean fits(@Nullable String wanted, @Nullable String actual) {
        return wanted == null || wanted.equals(actual);
    }
}
