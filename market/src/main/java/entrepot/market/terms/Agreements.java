package entrepot.market.terms;

import entrepot.identity.Audit;
import entrepot.identity.Caller;
import entrepot.market.catalog.Catalogue;
import entrepot.market.yaml.Spelling;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What tenants have to accept now, and accepting it. */
public final class Agreements {

    private final Supplier<Catalogue> catalogue;
    private final List<TermsSource> sources;
    private final Acceptances acceptances;
    private final Audit audit;
    private final InstantSource clock;

    public Agreements(
            Supplier<Catalogue> catalogue,
            List<TermsSource> sources,
            Acceptances acceptances,
            Audit audit,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.sources = List.copyOf(sources);
        this.acceptances = acceptances;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Terms in force, as they concern one tenant.
     *
     * @param models ids that are bound to them
     * @param acceptance null when the tenant has yet to accept them
     */
    public record Standing(
            RequiredTerms terms, List<String> models, @Nullable Acceptance acceptance) {

        public Standing {
            models = List.copyOf(models);
        }
    }

    /** The terms in force of all models of the catalogue. */
    public List<Standing> of(String tenant) {
        Map<RequiredTerms, List<String>> models = new LinkedHashMap<>();
        var now = clock.instant();
        for (String model : catalogue.get().models().keySet()) {
            for (TermsSource source : sources) {
                for (RequiredTerms terms : source.ofModel(model, now)) {
                    models.computeIfAbsent(terms, _ -> new ArrayList<>()).add(model);
                }
            }
        }
        var standings = new ArrayList<Standing>();
        models.forEach((terms, ids) ->
                standings.add(
                        new Standing(
                                terms,
                                ids,
                                acceptances.find(tenant, terms.id(), terms.version()))));
        return standings;
    }

    /** Everything that a tenant ever accepted, oldest first. */
    public List<Acceptance> accepted(String tenant) {
        return acceptances.of(tenant);
    }

    /**
     * Accepts terms in force for the caller's tenant.
     *
     * @throws IllegalArgumentException when no such terms are in force, saying which are
     */
    public Acceptance accept(Caller caller, String id, String version) {
        List<Standing> standings = of(caller.tenant());
        List<RequiredTerms> named =
                standings.stream()
                        .map(Standing::terms)
                        .filter(terms -> terms.id().equals(id))
                        .toList();
        if (named.isEmpty()) {
            List<String> ids =
                    standings.stream().map(standing -> standing.terms().id()).distinct().toList();
            throw new IllegalArgumentException(
                    "No terms in force are called '" + id + "'" + Spelling.hint(id, ids));
        }
        if (named.stream().noneMatch(terms -> terms.version().equals(version))) {
            throw new IllegalArgumentException(
                    "Version '%s' of %s is not in force; version %s is: read that one and accept it"
                            .formatted(version, id, named.getFirst().version()));
        }
        boolean before = acceptances.find(caller.tenant(), id, version) != null;
        Acceptance accepted = acceptances.accept(caller, id, version);
        if (!before) {
            audit.record(
                    new Audit.Entry(
                            clock.instant(),
                            caller.tenant(),
                            caller.principal(),
                            "terms.accept",
                            Map.of("terms", id, "version", version, "keyId", caller.keyId())));
        }
        return accepted;
    }
}
