package entrepot.market.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.contracts.Judgement.Consulted;
import entrepot.market.contracts.Judgement.Finding;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** What holds of every set of contracts and every question. */
class JudgeLawTest {

    @Test
    void theIndexAnswersAsReadingEveryClauseWould() {
        var refused = new int[1];
        var consulted = new int[1];
        Seeds.each(
                400,
                seeds -> {
                    List<Contract> contracts = Clauses.contracts(seeds, 6, 8);
                    var book = new ContractBook("seed", contracts);
                    var plain = new Plain(contracts);
                    for (int i = 0; i < 40; i++) {
                        Carriage carriage = Clauses.carriage(seeds);
                        Judgement judged = book.judge(carriage);
                        assertThat(Set.copyOf(judged.consulted()))
                                .as("%s", carriage)
                                .isEqualTo(Set.copyOf(plain.consulted(carriage)));
                        assertThat(judged.allowed())
                                .isEqualTo(
                                        plain.consulted(carriage).stream()
                                                .noneMatch(
                                                        each -> each.finding() == Finding.FORBIDS));
                        assertThat(judged.reason()).isNotBlank();
                        assertThat(judged.remedy().isEmpty()).isEqualTo(judged.allowed());
                        refused[0] += judged.allowed() ? 0 : 1;
                        consulted[0] += judged.consulted().size();
                    }
                });
        if (Long.getLong("seed") == null) {
            assertThat(refused[0]).as("refusals among the questions").isGreaterThan(1_000);
            assertThat(consulted[0]).isGreaterThan(5_000);
        }
    }

    @Test
    void theOrderInWhichContractsAreReadDoesNotMatter() {
        Seeds.each(
                200,
                seeds -> {
                    List<Contract> contracts = Clauses.contracts(seeds, 8, 5);
                    var shuffled = new ArrayList<Contract>();
                    for (Contract contract : contracts) {
                        var clauses = new ArrayList<>(contract.clauses());
                        Collections.shuffle(clauses, Random.from(seeds.random()));
                        shuffled.add(
                                new Contract(
                                        contract.id(),
                                        contract.title(),
                                        contract.currency(),
                                        contract.parties(),
                                        contract.documents(),
                                        clauses,
                                        contract.disputes(),
                                        contract.occurrences(),
                                        contract.place()));
                    }
                    Collections.shuffle(shuffled, Random.from(seeds.random()));
                    var one = new ContractBook("seed", contracts);
                    var other = new ContractBook("seed", shuffled);
                    for (int i = 0; i < 20; i++) {
                        Carriage carriage = Clauses.carriage(seeds);
                        assertThat(other.judge(carriage)).isEqualTo(one.judge(carriage));
                        assertThat(other.inForce(carriage.asOf()))
                                .isEqualTo(one.inForce(carriage.asOf()));
                    }
                });
    }

    @Test
    void whatIsLearnedLaterChangesNothingThatWasDecidedBefore() {
        Seeds.each(
                200,
                seeds -> {
                    List<Contract> contracts = Clauses.contracts(seeds, 6, 6);
                    Instant cut = Clauses.dayOf(seeds.upTo(Clauses.DAYS));
                    List<Contract> before =
                            contracts.stream().map(each -> knownBy(each, cut)).toList();
                    var all = new ContractBook("all", contracts);
                    var then = new ContractBook("then", before);
                    for (int i = 0; i < 20; i++) {
                        Carriage any = Clauses.carriage(seeds);
                        Carriage carriage = any.asOf(new AsOf(any.at(), cut));
                        assertThat(all.judge(carriage)).isEqualTo(then.judge(carriage));
                    }
                });
    }

    @Test
    void aRemedyNamesAChannelThatIsAllowed() {
        var tried = new int[1];
        Seeds.each(
                200,
                seeds -> {
                    var book = new ContractBook("seed", Clauses.contracts(seeds, 3, 4));
                    for (int i = 0; i < 20; i++) {
                        Judgement refused = book.judge(Clauses.carriage(seeds));
                        for (String channel : refused.openChannels()) {
                            Carriage other =
                                    refused.carriage().by(channel, refused.carriage().firstParty());
                            assertThat(book.judge(other).allowed()).as("%s", refused).isTrue();
                            tried[0]++;
                        }
                    }
                });
        assertThat(tried[0]).isPositive();
    }

    private static Contract knownBy(Contract contract, Instant cut) {
        return new Contract(
                contract.id(),
                contract.title(),
                contract.currency(),
                contract.parties(),
                contract.documents(),
                contract.clauses().stream()
                        .filter(clause -> !clause.heading().learned().isAfter(cut))
                        .toList(),
                contract.disputes(),
                contract.occurrences().stream()
                        .filter(each -> !each.learned().isAfter(cut))
                        .toList(),
                contract.place());
    }

    /** The same rules without an index, written as the documentation says them. */
    private record Plain(List<Contract> contracts) {

        List<Consulted> consulted(Carriage carriage) {
            var found = new ArrayList<Consulted>();
            for (Clause clause : all()) {
                if (CarriageIndex.binds(clause)
                        && inForce(clause, carriage.asOf())
                        && clause.heading().scope().covers(carriage)) {
                    found.add(new Consulted(clause, finding(clause, carriage)));
                }
            }
            return found;
        }

        private List<Clause> all() {
            return contracts.stream().flatMap(each -> each.clauses().stream()).toList();
        }

        /** What was given up in some countries was not given up in one that nobody knows. */
        private static boolean isWhereWaived(Clause.Waiver waiver, Carriage carriage) {
            return waiver.heading().scope().territories().isEmpty()
                    || !carriage.territory().isEmpty();
        }

        private boolean inForce(Clause clause, AsOf asOf) {
            Heading heading = clause.heading();
            return !heading.learned().isAfter(asOf.known())
                    && !heading.from().isAfter(asOf.at())
                    && asOf.at().isBefore(heading.to())
                    && !superseded(clause, asOf);
        }

        private boolean superseded(Clause clause, AsOf asOf) {
            return all().stream()
                    .filter(each -> each.heading().supersedes().contains(clause.ref()))
                    .filter(each -> !each.heading().learned().isAfter(asOf.known()))
                    .anyMatch(each ->
                            !each.heading().from().isAfter(asOf.at()) || superseded(each, asOf));
        }

        private Finding finding(Clause clause, Carriage carriage) {
            boolean waived =
                    all().stream()
                            .filter(Clause.Waiver.class::isInstance)
                            .map(Clause.Waiver.class::cast)
                            .filter(waiver -> waiver.waives().equals(clause.ref()))
                            .filter(waiver -> waiver.heading().scope().covers(carriage))
                            .filter(waiver -> isWhereWaived(waiver, carriage))
                            .anyMatch(waiver -> inForce(waiver, carriage.asOf()));
            if (waived) {
                return Finding.WAIVED;
            }
            return switch (clause) {
                case Clause.Exclusivity only ->
                        only.channels().contains(carriage.channel())
                                ? Finding.NAMES_CHANNEL
                                : Finding.FORBIDS;
                case Clause.Licence licence -> licence(licence, carriage);
                case Clause.FirstShip first -> first(first, carriage);
                default -> throw new IllegalStateException(clause.ref());
            };
        }

        private Finding licence(Clause.Licence licence, Carriage carriage) {
            var channels = new TreeSet<>(licence.channels());
            if (channels.isEmpty() && licence.licensees().isEmpty()) {
                channels.addAll(Clauses.CHANNELS);
            } else if (channels.isEmpty()) {
                licence.licensees().forEach(party -> channels.add(party.substring(2)));
                channels.add(licence.licensor().substring(2));
            }
            boolean named = channels.contains(carriage.channel());
            if (licence.exclusive()) {
                return named ? Finding.NAMES_CHANNEL : Finding.FORBIDS;
            }
            return named ? Finding.PERMITS : Finding.SILENT;
        }

        private Finding first(Clause.FirstShip first, Carriage carriage) {
            if (first.channels().contains(carriage.channel())) {
                return Finding.NAMES_CHANNEL;
            }
            if (first.existing().contains(carriage.model())
                    || first.existing().contains(carriage.vendor() + "/*")) {
                return Finding.NOT_NEW;
            }
            Instant shipped =
                    contracts.stream()
                            .flatMap(each -> each.occurrences().stream())
                            .filter(each -> each.isKnown(carriage.asOf()))
                            .map(Occurrence.Shipped.class::cast)
                            .filter(each -> each.model().equals(carriage.model()))
                            .filter(each -> first.channels().contains(each.channel()))
                            .map(Occurrence.Shipped::at)
                            .min(Instant::compareTo)
                            .orElse(null);
            if (shipped == null) {
                return Finding.FORBIDS;
            }
            if (shipped.isBefore(first.heading().from())) {
                return Finding.NOT_NEW;
            }
            Instant end =
                    first.window() == null
                            ? shipped
                            : shipped.atOffset(ZoneOffset.UTC).plus(first.window()).toInstant();
            return carriage.at().isBefore(end) ? Finding.FORBIDS : Finding.WINDOW_OVER;
        }
    }
}
