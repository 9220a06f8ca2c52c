package entrepot.market.contracts;

import entrepot.market.Order.ApiKind;
import entrepot.market.contracts.Clause.Goods;
import entrepot.market.contracts.Clause.Use;
import entrepot.market.contracts.Scope.Distribution;
import entrepot.market.contracts.Source.Document;
import entrepot.testkit.Seeds;

import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Contracts made from a seed. Times are days from 1970 on, so that many of them coincide. */
final class Clauses {

    static final List<String> MODELS = List.of("v/a", "v/b", "w/a", "w/b", "x/a");
    static final List<String> CHANNELS = List.of("one", "two", "three", "four");
    static final List<String> TERRITORIES = List.of("", "JP", "DE");
    static final int DAYS = 12;

    private static final Source SOURCE =
            new Source(new Document("d", "Document", null, null, null), null, null, null);

    private final Seeds seeds;
    private final List<String> refs = new ArrayList<>();

    private Clauses(Seeds seeds) {
        this.seeds = seeds;
    }

    static List<Contract> contracts(Seeds seeds, int contractsMax, int clausesMax) {
        var made = new Clauses(seeds);
        var contracts = new ArrayList<Contract>();
        int count = 1 + seeds.upTo(contractsMax - 1);
        for (int i = 0; i < count; i++) {
            contracts.add(made.contract("c" + i, 1 + seeds.upTo(clausesMax - 1)));
        }
        return contracts;
    }

    private Contract contract(String id, int count) {
        var parties = new LinkedHashMap<String, Party>();
        for (String channel : CHANNELS) {
            String party = "p-" + channel;
            parties.put(party, new Party(party, party, null, Set.of(channel), place(0)));
        }
        var clauses = new ArrayList<Clause>();
        for (int i = 0; i < count; i++) {
            Clause clause = clause(heading(id, "k" + i, i + 1));
            clauses.add(clause);
            refs.add(clause.ref());
        }
        var occurrences = new ArrayList<Occurrence>();
        for (int left = seeds.upTo(3); left > 0; left--) {
            occurrences.add(
                    new Occurrence.Shipped(
                            seeds.pick(MODELS),
                            seeds.pick(CHANNELS),
                            day(),
                            day(),
                            SOURCE,
                            place(0)));
        }
        return new Contract(
                id, id, "USD", parties, Map.of(), clauses, List.of(), occurrences, place(0));
    }

    private Clause clause(Heading heading) {
        return switch (seeds.upTo(5)) {
            case 0, 1 -> new Clause.Exclusivity(heading, Goods.CALLS, some(CHANNELS, 1));
            case 2 ->
                    new Clause.FirstShip(
                            heading,
                            some(CHANNELS, 1),
                            seeds.oneIn(3) ? null : Period.ofDays(1 + seeds.upTo(3)),
                            seeds.oneIn(3) ? some(MODELS, 1) : Set.of());
            case 3 -> new Clause.Waiver(heading, refs.isEmpty() ? "c9/k9" : seeds.pick(refs));
            default ->
                    new Clause.Licence(
                            heading,
                            "p-one",
                            seeds.oneIn(3) ? Set.of() : Set.of("p-" + seeds.pick(CHANNELS)),
                            seeds.oneIn(2),
                            seeds.oneIn(4) ? Use.TECHNOLOGY : Use.RESALE,
                            seeds.oneIn(2) ? Set.of() : some(CHANNELS, 1));
        };
    }

    private Heading heading(String contract, String id, int line) {
        Instant from = seeds.oneIn(6) ? Instant.MIN : day();
        Instant to = seeds.oneIn(2) ? Instant.MAX : day();
        if (!from.isBefore(to)) {
            to = Instant.MAX;
        }
        var supersedes = new LinkedHashSet<String>();
        if (!refs.isEmpty() && seeds.oneIn(3)) {
            supersedes.add(seeds.pick(refs));
            if (seeds.oneIn(3)) {
                supersedes.add(seeds.pick(refs));
            }
        }
        return new Heading(
                contract,
                id,
                "says " + id,
                List.of(),
                scope(),
                from,
                to,
                seeds.oneIn(4) ? Instant.MIN : day(),
                SOURCE,
                List.copyOf(supersedes),
                ZoneOffset.UTC,
                null,
                place(line));
    }

    private Scope scope() {
        return new Scope(
                seeds.oneIn(5)
                        ? Set.of()
                        : some(List.of("v/*", "w/*", "v/a", "v/b", "w/a", "y/*"), 1),
                seeds.oneIn(2) ? Set.of() : some(List.of(ApiKind.values()), 1),
                seeds.pick(List.of(Distribution.values())),
                seeds.oneIn(3) ? Set.of("JP") : Set.of());
    }

    private <T> Set<T> some(List<T> from, int min) {
        var some = new LinkedHashSet<T>();
        for (int left = min + seeds.upTo(1); left > 0; left--) {
            some.add(seeds.pick(from));
        }
        return some;
    }

    private Instant day() {
        return dayOf(seeds.upTo(DAYS));
    }

    static Instant dayOf(int day) {
        return Instant.ofEpochSecond(86_400L * day);
    }

    static Carriage carriage(Seeds seeds) {
        String model = seeds.pick(MODELS);
        Instant at = dayOf(seeds.upTo(DAYS + 1)).plusMillis(seeds.upTo(2) - 1);
        Instant known = seeds.oneIn(3) ? Instant.MAX : dayOf(seeds.upTo(DAYS + 1));
        return new Carriage(
                model,
                model.substring(0, 1),
                seeds.pick(List.of(ApiKind.values())),
                seeds.pick(CHANNELS),
                seeds.oneIn(3),
                seeds.pick(TERRITORIES),
                at,
                known);
    }

    private static Place place(int line) {
        return new Place("seed.yaml", line + 1, 1);
    }
}
