package entrepot.app.server;

import entrepot.market.Explanation;
import entrepot.market.Inquiry;
import entrepot.market.capacity.Capacity;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.reading.ContractFolder;
import entrepot.market.gates.ContractGate;
import entrepot.market.gates.OfferGate;
import entrepot.market.routing.Markets;
import entrepot.market.terms.CatalogueResidency;
import entrepot.market.terms.ContractResidency;
import entrepot.market.terms.RegionGate;
import entrepot.market.terms.ResidencySource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A folder as a server would read it, for questions alone: {@code catalogue.yaml} and {@code
 * contracts/}. What a database holds (agreements, entitlements, limits) is not asked.
 */
public final class Supposition {

    private final Catalogue catalogue;
    private final List<OfferGate> gates;
    private final ContractFolder contracts;

    /**
     * @throws entrepot.market.yaml.YamlInvalid when a file cannot be used
     */
    public Supposition(Path folder) {
        Path file = folder.resolve("catalogue.yaml");
        try {
            String text = Files.exists(file) ? Files.readString(file) : "";
            catalogue =
                    new CatalogueReader(Map.of(), SecretSources.pretended())
                            .read(file.toString(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        contracts = ContractFolder.open(folder.resolve("contracts"), Wiring.CLOCK);
        List<ResidencySource> residency =
                List.of(new CatalogueResidency(() -> catalogue), new ContractResidency(contracts));
        gates = List.of(new RegionGate(residency), new ContractGate(contracts));
    }

    public static Instant now() {
        return Wiring.CLOCK.instant();
    }

    /**
     * Answers.
     *
     * @throws entrepot.conversation.Failed when there is no such model
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
