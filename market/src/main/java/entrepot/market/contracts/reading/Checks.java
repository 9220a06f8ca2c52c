package entrepot.market.contracts.reading;

import entrepot.market.contracts.Clause;
import entrepot.market.contracts.Contract;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Dispute;
import entrepot.market.contracts.Heading;
import entrepot.market.contracts.Members;
import entrepot.market.contracts.Occurrence;
import entrepot.market.contracts.Party;
import entrepot.market.contracts.Place;
import entrepot.market.contracts.Source;
import entrepot.market.contracts.Wording;
import entrepot.market.yaml.Problem;
import entrepot.market.yaml.Spelling;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What no single clause shows: whether clauses and contracts fit together. */
final class Checks {

    private static final int PROBLEMS_MAX = 200;

    private final Collection<Contract> contracts;
    private final Map<String, Clause> clauses = new TreeMap<>();
    private final Set<String> channels = new TreeSet<>();
    private final List<Problem> problems = new ArrayList<>();

    Checks(Collection<Contract> contracts) {
        this.contracts = contracts;
        for (Contract contract : contracts) {
            contract.parties().values().forEach(party -> channels.addAll(party.channels()));
            contract.clauses().forEach(clause -> clauses.putIfAbsent(clause.ref(), clause));
        }
    }

    List<Problem> problems() {
        contractsOnce();
        sameParties();
        amendments();
        channelsOfParties();
        new MoneyChecks(clauses, this::complain).check();
        if (problems.isEmpty()) {
            exclusives();
            new ScopeChecks(contracts, clauses, this::complain).check();
            contracts.forEach(contract -> contract.disputes().forEach(d -> dispute(contract, d)));
            contracts.forEach(contract -> contract.occurrences().forEach(this::occurrence));
        }
        return problems.stream()
                .sorted(
                        Comparator.comparing(Problem::file)
                                .thenComparingInt(Problem::line)
                                .thenComparingInt(Problem::column))
                .toList();
    }

    private void complain(Place place, String path, String message) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(new Problem(place.file(), place.line(), place.column(), path, message));
        }
    }

    private void complain(Clause clause, String message) {
        complain(clause.heading().place(), clause.ref(), message);
    }

    static String named(Clause clause) {
        return clause.ref() + " (" + clause.heading().place() + ")";
    }

    private void contractsOnce() {
        var first = new HashMap<String, Contract>();
        for (Contract contract : contracts) {
            Contract before = first.putIfAbsent(contract.id(), contract);
            if (before != null) {
                complain(
                        contract.place(),
                        contract.id(),
                        "another contract has this id ("
                                + before.place()
                                + "): an amendment is a contract of its own, under a new id");
            }
        }
    }

    private void sameParties() {
        var first = new HashMap<String, Party>();
        for (Contract contract : contracts) {
            for (Party party : contract.parties().values()) {
                Party before = first.putIfAbsent(party.id(), party);
                if (before != null
                        && (!before.name().equals(party.name())
                                || !String.valueOf(before.vendor())
                                        .equals(String.valueOf(party.vendor()))
                                || !before.channels().equals(party.channels()))) {
                    complain(
                            party.place(),
                            party.id(),
                            "this party is described otherwise in "
                                    + before.place()
                                    + ": name, vendor and channels must agree");
                }
            }
        }
    }

    private void amendments() {
        for (Clause clause : clauses.values()) {
            for (String old : clause.heading().supersedes()) {
                target(clause, old, "supersedes").ifPresent(target -> amends(clause, target));
            }
            switch (clause) {
                case Clause.Waiver waiver ->
                        target(waiver, waiver.waives(), "waives")
                                .ifPresent(target -> takesFrom(waiver, target, "waived"));
                case Clause.Commitment commitment when commitment.addsTo() != null ->
                        target(commitment, commitment.addsTo(), "adds_to")
                                .ifPresent(target -> adds(commitment, target));
                default -> {}
            }
        }
        cycles();
    }

    private Optional<Clause> target(Clause clause, String ref, String member) {
        Clause target = clauses.get(ref);
        if (target == null) {
            complain(
                    clause,
                    member
                            + ": there is no clause "
                            + ref
                            + Spelling.nearest(ref, clauses.keySet())
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse(": clauses are named contract/clause"));
        }
        return Optional.ofNullable(target);
    }

    private void amends(Clause clause, Clause old) {
        Heading heading = clause.heading();
        if (heading.from().isBefore(old.heading().from())) {
            complain(
                    clause,
                    "takes effect before what it supersedes begins: "
                            + named(old)
                            + " begins "
                            + Wording.time(old.heading().from()));
        }
        if (heading.learned().isBefore(old.heading().learned())) {
            complain(
                    clause,
                    "was learned of before what it supersedes: "
                            + named(old)
                            + " was learned of "
                            + Wording.time(old.heading().learned()));
        }
        takesFrom(clause, old, "superseded");
    }

    /** Nobody loses a right by a contract that they are not a party to. */
    private void takesFrom(Clause clause, Clause old, String how) {
        Contract contract = contractOf(clause);
        var missing = new TreeSet<>(old.heading().parties());
        missing.removeAll(contract.parties().keySet());
        if (!missing.isEmpty()) {
            complain(
                    clause,
                    named(old)
                            + " cannot be "
                            + how
                            + " by a contract to which "
                            + String.join(", ", missing)
                            + " is not a party");
        }
    }

    private Contract contractOf(Clause clause) {
        return contracts.stream()
                .filter(contract -> contract.id().equals(clause.heading().contract()))
                .findFirst()
                .orElseThrow();
    }

    private void adds(Clause.Commitment clause, Clause target) {
        if (!(target instanceof Clause.Commitment other)) {
            complain(clause, "adds_to: " + named(target) + " is no commitment");
        } else if (!other.amount().currency().equals(clause.amount().currency())) {
            complain(
                    clause,
                    "is in "
                            + clause.amount().currency()
                            + " and adds to "
                            + named(other)
                            + " in "
                            + other.amount().currency()
                            + ": amounts of different currencies do not add");
        }
    }

    private void cycles() {
        var done = new HashSet<String>();
        for (Clause clause : clauses.values()) {
            var way = new ArrayList<String>();
            String found = cycle(clause.ref(), way, done);
            if (found != null) {
                List<String> cycle = way.subList(way.indexOf(found), way.size());
                List<String> places =
                        cycle.stream().map(clauses::get).map(each -> named(each)).toList();
                complain(
                        Objects.requireNonNull(clauses.get(found)),
                        "clauses supersede one another in a circle: "
                                + String.join(" → ", places)
                                + " → "
                                + found
                                + ": drop one 'supersedes'");
            }
        }
    }

    /** Walks what a clause supersedes. Returns where a circle closes; null when none does. */
    private @Nullable String cycle(String ref, List<String> way, Set<String> done) {
        if (way.contains(ref)) {
            return ref;
        }
        Clause clause = clauses.get(ref);
        if (clause == null || !done.add(ref)) {
            return null;
        }
        way.add(ref);
        for (String old : clause.heading().supersedes()) {
            String found = cycle(old, way, done);
            if (found != null) {
                return found;
            }
        }
        way.remove(ref);
        return null;
    }

    private void channelsOfParties() {
        for (Clause clause : clauses.values()) {
            for (String channel : channels(clause)) {
                if (!channels.contains(channel)) {
                    complain(
                            clause,
                            "no party sells on the channel '"
                                    + channel
                                    + "': add it to the channels of its party"
                                    + Spelling.hint(channel, channels));
                }
            }
        }
    }

    private static Collection<String> channels(Clause clause) {
        return switch (clause) {
            case Clause.Exclusivity it -> it.channels();
            case Clause.FirstShip it -> it.channels();
            case Clause.Commitment it -> it.channels();
            case Clause.ReservedCapacity it -> {
                var all = new TreeSet<>(it.spill());
                all.add(it.channel());
                yield all;
            }
            case Clause.PriceBook it -> Set.of(it.channel());
            case Clause.Licence it -> it.channels();
            case Clause.Residency it -> it.channels();
            case Clause.Terms it -> it.channels();
            case Clause.FirstRefusal _, Clause.RevenueShare _, Clause.Funding _, Clause.Waiver _ ->
                    Set.of();
        };
    }

    /** A clause that leaves nothing to channels other than these. */
    private record Only(Clause clause, Clause.Goods of, Set<String> channels) {

        boolean contradicts(Only other) {
            return of == other.of
                    && clause.heading().scope().meets(other.clause.heading().scope())
                    && !channels.containsAll(other.channels)
                    && !other.channels.containsAll(channels);
        }
    }

    /** Two that favour different channels for the same scope at the same time. */
    private void exclusives() {
        var book = new ContractBook("unchecked", contracts);
        var all = new ArrayList<Only>();
        for (Clause clause : clauses.values()) {
            if (clause instanceof Clause.Exclusivity it) {
                all.add(new Only(it, it.of(), it.channels()));
            } else if (clause instanceof Clause.Licence it
                    && it.exclusive()
                    && it.use() == Clause.Use.RESALE) {
                all.add(new Only(it, Clause.Goods.CALLS, channels(it, book)));
            }
        }
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                Only one = all.get(i);
                Only other = all.get(j);
                if (one.contradicts(other) && overlap(one.clause(), other.clause(), book)) {
                    complain(
                            other.clause(),
                            "gives to "
                                    + String.join(", ", other.channels())
                                    + " what "
                                    + named(one.clause())
                                    + " gives to "
                                    + String.join(", ", one.channels())
                                    + " at the same time: end one of them, or let it supersede"
                                    + " the other");
                }
            }
        }
    }

    private static Set<String> channels(Clause.Licence licence, ContractBook book) {
        var channels = new TreeSet<>(licence.channels());
        if (channels.isEmpty()) {
            licence.licensees().forEach(party -> channels.addAll(book.channelsOf(party)));
            channels.addAll(book.channelsOf(licence.licensor()));
        }
        return channels;
    }

    private static boolean overlap(Clause one, Clause other, ContractBook book) {
        Instant from =
                one.heading().from().isAfter(other.heading().from())
                        ? one.heading().from()
                        : other.heading().from();
        return from.isBefore(book.end(one, Instant.MAX))
                && from.isBefore(book.end(other, Instant.MAX));
    }

    /** The statement that is named as used must be the one that is used. */
    private void dispute(Contract contract, Dispute dispute) {
        String value = value(contract, dispute);
        String says = Amounts.plain(dispute.inUse().says());
        if (value == null) {
            complain(
                    dispute.place(),
                    contract.id() + ".disputes",
                    dispute.subject() + " is not here, or has no member " + dispute.member());
        } else if (!value.equals(says)) {
            complain(
                    dispute.place(),
                    contract.id() + ".disputes",
                    "says that '"
                            + dispute.used()
                            + "' is used, which says '"
                            + says
                            + "', but "
                            + dispute.member()
                            + " of "
                            + dispute.subject()
                            + " is '"
                            + value
                            + "'");
        }
    }

    private @Nullable String value(Contract contract, Dispute dispute) {
        Clause clause = clauses.get(dispute.subject());
        if (clause != null) {
            return Members.of(clause).get(dispute.member());
        }
        Source.Document document = contract.documents().get(dispute.subject());
        if (document == null) {
            return null;
        }
        return switch (dispute.member()) {
            case "title" -> document.title();
            case "publisher" -> document.publisher();
            case "date" -> document.date() == null ? null : document.date().toString();
            default -> null;
        };
    }

    private void occurrence(Occurrence occurrence) {
        switch (occurrence) {
            case Occurrence.Shipped shipped -> {
                if (!channels.contains(shipped.channel())) {
                    complain(
                            shipped.place(),
                            "occurrences",
                            "no party sells on the channel '"
                                    + shipped.channel()
                                    + "': add it to the channels of its party"
                                    + Spelling.hint(shipped.channel(), channels));
                }
            }
            case Occurrence.Paid paid -> {
                boolean found =
                        clauses.get(paid.clause()) instanceof Clause.Funding funding
                                && funding.tranches().stream()
                                        .anyMatch(part -> part.id().equals(paid.tranche()));
                if (!found) {
                    complain(
                            paid.place(),
                            "occurrences",
                            paid.clause() + " has no tranche '" + paid.tranche() + "'");
                }
            }
            case Occurrence.Offered offered -> {
                if (!(clauses.get(offered.clause()) instanceof Clause.FirstRefusal)) {
                    complain(
                            offered.place(),
                            "occurrences",
                            offered.clause() + " is no right of first refusal");
                }
            }
        }
    }
}
