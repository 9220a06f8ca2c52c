package entrepot.gateway.admin;

import entrepot.market.budgets.Budgets;
import entrepot.market.catalog.CatalogueFile;
import entrepot.market.routing.Broker;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What can be asked of the node that answers.
 *
 * @param name of the node
 * @param problems what keeps it from serving well, in words for the operator
 * @param spoken what the suppliers of a model speak; null when there is no such model
 * @param sessionsDriven how many sessions it drives now
 * @param limits how it writes what was used of limits
 */
public record Node(
        String name,
        Supplier<List<String>> problems,
        Supplier<CatalogueFile.Status> catalogue,
        Supplier<List<Broker.SupplierHealth>> suppliers,
        Function<String, @Nullable List<Broker.Spoken>> spoken,
        IntSupplier sessionsDriven,
        Supplier<Budgets.Status> limits) {}
