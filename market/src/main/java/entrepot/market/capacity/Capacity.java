package entrepot.market.capacity;

import entrepot.market.Order.ApiKind;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.capacity.Pool.Way;
import entrepot.market.catalog.Catalogue;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.ContractBook;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Reserved units and commitments at risk, as routing asks for them and people look at them. */
public final class Capacity {

    private final Supplier<ContractBook> contracts;
    private final @Nullable Commitments commitments;

    private volatile @Nullable Reserves reserves;

    /**
     * @param contracts gives those in force
     * @param commitments null where none is forecast
     */
    public Capacity(Supplier<ContractBook> contracts, @Nullable Commitments commitments) {
        this.contracts = contracts;
        this.commitments = commitments;
    }

    /** Whether nothing is paid for already: then every order is on demand. */
    public boolean none(Catalogue catalogue) {
        return reserves(catalogue).isEmpty() && (commitments == null || commitments.isEmpty());
    }

    /**
     * The units that a tenant may use for a model at a supplier.
     *
     * @return null when there are none
     */
    public @Nullable Pool pool(
            Catalogue catalogue, String tenant, String supplier, String model, AsOf asOf) {
        Reserves here = reserves(catalogue);
        return here.isEmpty()
                ? null
                : here.find(
                        new Way(supplier, model), catalogue.demands().buyer(tenant).party(), asOf);
    }

    /** The commitment that is behind plan and that a call would burn down; null when none is. */
    public Commitments.@Nullable Plan atRisk(
            Catalogue catalogue, String tenant, String channel, String model, ApiKind api) {
        return commitments == null
                ? null
                : commitments.atRisk(
                        catalogue.demands().buyer(tenant).party(), channel, model, api);
    }

    /** Counts what an attempt used of reserved units, if it used any. */
    public void used(Catalogue catalogue, Receipt receipt) {
        Reserves here = reserves(catalogue);
        if (here.isEmpty()
                || (receipt.outcome() == Outcome.FAILED && receipt.usage().meters().isEmpty())) {
            return;
        }
        var way = new Way(receipt.supplier(), receipt.model());
        Pool pool =
                here.find(
                        way,
                        catalogue.demands().buyer(receipt.tenant()).party(),
                        AsOf.now(receipt.startedAt()));
        if (pool != null) {
            pool.add(receipt.endedAt(), way, receipt.usage());
        }
    }

    /** The units that a tenant may use. */
    public List<Pool> pools(Catalogue catalogue, String tenant, Instant now) {
        return reserves(catalogue).all(catalogue.demands().buyer(tenant).party(), AsOf.now(now));
    }

    /** What a tenant's party has promised to spend. */
    public List<Commitments.Plan> plans(String tenant) {
        return commitments == null ? List.of() : commitments.of(tenant);
    }

    private Reserves reserves(Catalogue catalogue) {
        ContractBook book = contracts.get();
        Reserves here = reserves;
        return here != null && here.isOf(catalogue, book) ? here : renew(catalogue, book);
    }

    private synchronized Reserves renew(Catalogue catalogue, ContractBook book) {
        Reserves here = reserves;
        if (here == null || !here.isOf(catalogue, book)) {
            here = Reserves.of(catalogue, book, here);
            reserves = here;
        }
        return here;
    }
}
