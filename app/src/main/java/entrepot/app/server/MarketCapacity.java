package entrepot.app.server;

import entrepot.gateway.admin.CapacityApi;
import entrepot.gateway.admin.FirstRefusalApi;
import entrepot.gateway.door.Route;
import entrepot.identity.Ids;
import entrepot.identity.StoredAudit;
import entrepot.market.capacity.Capacity;
import entrepot.market.capacity.Commitments;
import entrepot.market.capacity.Report;
import entrepot.market.capacity.notices.Notices;
import entrepot.market.catalog.Catalogue;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.evidence.EvidenceKey;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.statements.Statements;
import entrepot.store.Database;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What is paid for already, how people see it, and who must be asked before more is bought. */
final class MarketCapacity implements AutoCloseable {

    private static final Duration COMMITMENTS_LOOK = Duration.ofMinutes(1);

    private final Commitments commitments;
    private final Capacity capacity;
    private final Notices notices;
    private final Supplier<ContractBook> contracts;

    MarketCapacity(
            Database database,
            Supplier<Catalogue> catalogue,
            Supplier<ContractBook> contracts,
            InstantSource clock,
            Ids ids) {
        this.contracts = contracts;
        commitments =
                new Commitments(new Statements(new Rollups(database)), catalogue, contracts, clock)
                        .refreshEvery(COMMITMENTS_LOOK);
        capacity = new Capacity(contracts, commitments);
        notices =
                new Notices(
                        new Notices.Parts(
                                database,
                                catalogue,
                                contracts,
                                new StoredAudit(database),
                                clock,
                                ids));
    }

    Capacity capacity() {
        return capacity;
    }

    /**
     * @param report the market's own, by tenant
     */
    List<Route> routes(Function<String, Report> report, EvidenceKey key) {
        return Stream.of(
                        new CapacityApi(report).routes(),
                        new FirstRefusalApi(notices, contracts, key).routes())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void close() {
        commitments.close();
    }
}
