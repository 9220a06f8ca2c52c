package entrepot.app.server;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.market.Explanation;
import entrepot.market.Inquiry;
import entrepot.market.capacity.Capacity;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.Demands;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.reading.ContractFolder;
import entrepot.market.gates.ContractGate;
import entrepot.market.gates.OfferGate;
import entrepot.market.policy.PolicyFolder;
import entrepot.market.policy.PolicyGate;
import entrepot.market.routing.Markets;
import entrepot.market.terms.CatalogueResidency;
import entrepot.market.terms.ContractResidency;
import entrepot.market.terms.RegionGate;
import entrepot.market.terms.ResidencySource;
import entrepot.market.yaml.Problem;
import entrepot.market.yaml.Spelling;
import entrepot.market.yaml.YamlInvalid;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A folder as a server would read it, for questions alone: {@code catalogue.yaml}, {@code
 * contracts/} and {@code policies/}. What a database holds (agreements, entitlements, limits) is
 * not asked.
 */
public final class Supposition implements AutoCloseable {

    private static final String LOCAL = "local";
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private final Catalogue catalogue;
    private final List<OfferGate> gates;
    private final ContractFolder contracts;
    private final PolicyFolder policies;

    /**
     * @throws YamlInvalid when a file cannot be used
     */
    public Supposition(Path folder) {
        Path file = folder.resolve("catalogue.yaml");
        if (!Files.isRegularFile(file)) {
            throw new YamlInvalid(
                    List.of(
                            new Problem(
                                    file.toString(), 1, 1, "", "is not there: give its folder")));
        }
        try {
            String text = Files.readString(file);
            catalogue =
                    new CatalogueReader(Map.of(), SecretSources.pretended())
                            .read(file.toString(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        contracts = ContractFolder.open(folder.resolve("contracts"), Wiring.CLOCK);
        List<ResidencySource> residency =
                List.of(new CatalogueResidency(() -> catalogue), new ContractResidency(contracts));
        policies = PolicyFolder.open(folder.resolve("policies"), Wiring.CLOCK);
        gates =
                List.of(
                        new PolicyGate(policies),
                        new RegionGate(residency),
                        new ContractGate(contracts));
    }

    /**
     * Whom to ask for: the tenant of that name, or one of whom the catalogue says nothing.
     *
     * @throws Failed when the catalogue names tenants, and this is none of them
     */
    public String tenant(@Nullable String asked) {
        if (asked == null) {
            return LOCAL;
        }
        var known = new TreeSet<String>(catalogue.demands().buyers().keySet());
        for (Demands.Residency rule : catalogue.demands().residency()) {
            if (rule.tenant() != null) {
                known.add(rule.tenant());
            }
        }
        if (asked.equals(LOCAL) || known.contains(asked)) {
            return asked;
        }
        boolean name = TENANT.matcher(asked).matches();
        if (name && known.isEmpty()) {
            return asked;
        }
        throw new Failed(
                Failure.of(
                        Failure.Cause.INVALID_REQUEST,
                        name
                                ? "the catalogue knows no tenant '"
                                        + asked
                                        + "'"
                                        + Spelling.hint(asked, known)
                                        + "; leave --tenant out for one of whom it says nothing"
                                : "--tenant must be a tenant's name: at most 64 letters, digits and"
                                        + " . _ @ -"));
    }

    @Override
    public void close() {
        policies.close();
    }

    public static Instant now() {
        return Wiring.CLOCK.instant();
    }

    /**
     * Answers.
     *
     * @throws Failed when there is no such model
     */
    public Explanation explain(Inquiry inquiry) {
        return Markets.explain(
                catalogue,
                List.of(),
                new Markets.Rules(gates, null, new Capacity(contracts, null)),
                Wiring.CLOCK,
                inquiry);
    }
}
