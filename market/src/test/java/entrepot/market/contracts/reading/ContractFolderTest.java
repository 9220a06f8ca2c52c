package entrepot.market.contracts.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.market.Order.ApiKind;
import entrepot.market.contracts.Carriage;
import entrepot.market.contracts.ContractBook;
import entrepot.market.yaml.YamlInvalid;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class ContractFolderTest {

    private static final String ONLY =
            Texts.contract(
                    "c",
                    """
                    only: {kind: exclusivity, says: only there, models: [v/*], channels: [azure],
                           to: 2026-06-01, source: d}
                    """);

    @TempDir private Path parent;
    private final SettableClock clock = SettableClock.at("2026-05-31T23:59:00Z");
    private Path folder;

    @BeforeEach
    void write() throws Exception {
        folder = Files.createDirectory(parent.resolve("contracts"));
        Files.writeString(folder.resolve("a.yaml"), ONLY);
        Files.writeString(folder.resolve("notes.txt"), "not a contract");
    }

    private boolean allowed(ContractBook book, String channel) {
        var now = clock.instant();
        return book.judge(new Carriage("v/m", "v", ApiKind.STATELESS, channel, false, "", now, now))
                .allowed();
    }

    @Test
    void aCallThatHasBegunKeepsItsBookAndTheNextMindsTheNewOne() throws Exception {
        try (var contracts = ContractFolder.open(folder, clock)) {
            ContractBook begunWith = contracts.get();
            assertThat(allowed(begunWith, "azure")).isTrue();
            Files.writeString(folder.resolve("a.yaml"), ONLY.replace("[azure]", "[bedrock]"));
            assertThat(contracts.refresh()).isTrue();
            assertThat(allowed(begunWith, "azure")).as("the book it began with").isTrue();
            assertThat(allowed(contracts.get(), "azure")).as("the next call").isFalse();
            assertThat(contracts.status().version()).isEqualTo(contracts.get().version());
        }
    }

    @Test
    void aClauseThatEndsNeedsNoChangeOfFilesToEnd() {
        try (var contracts = ContractFolder.open(folder, clock)) {
            assertThat(allowed(contracts.get(), "bedrock")).isFalse();
            clock.advanceMillis(59_999);
            assertThat(allowed(contracts.get(), "bedrock")).as("the last instant").isFalse();
            clock.advanceMillis(1);
            assertThat(allowed(contracts.get(), "bedrock")).isTrue();
        }
    }

    @Test
    void aBadChangeKeepsTheOldBookAndSaysWhere() throws Exception {
        try (var contracts = ContractFolder.open(folder, clock)) {
            ContractBook before = contracts.get();
            Files.writeString(folder.resolve("b.yaml"), ONLY.replace("azure", "bedrock"));
            assertThat(contracts.refresh()).isFalse();
            assertThat(contracts.get()).isSameAs(before);
            assertThat(contracts.status().problems().getFirst().toString())
                    .startsWith("contracts/b.yaml:2:3: c: another contract has this id");
            Files.delete(folder.resolve("b.yaml"));
            assertThat(contracts.refresh()).as("the same as before").isFalse();
            assertThat(contracts.status().problems()).isEmpty();
        }
    }

    /**
     * Most beginnings of a file are no contracts at all, and some are good ones that say less:
     * neither is ever in force, however the write is cut.
     */
    @Test
    void aFileThatIsBeingWrittenIsNotTakenUpBeforeItRests() throws Exception {
        String two =
                ONLY.replace("to: 2026-06-01, ", "")
                        + "      more: {kind: exclusivity, says: more, models: [w/*],"
                        + " channels: [azure], source: d}\n";
        Path file = folder.resolve("a.yaml");
        Files.writeString(file, two);
        try (var contracts = ContractFolder.open(folder, clock)) {
            ContractBook before = contracts.get();
            int good = 0;
            for (int length = 0; length < two.length(); length++) {
                Files.writeString(file, two.substring(0, length));
                assertThat(contracts.refreshSettled()).as("after %d letters", length).isFalse();
                assertThat(contracts.get()).isSameAs(before);
                good += isGood(file) ? 1 : 0;
            }
            assertThat(good).as("beginnings that are good contracts, and say less").isPositive();
            Files.writeString(file, two.replace("[azure]", "[bedrock]"));
            assertThat(contracts.refreshSettled()).isFalse();
            assertThat(contracts.refreshSettled()).as("the second look finds the same").isTrue();
            assertThat(contracts.get().clauses()).hasSize(2);
            assertThat(allowed(contracts.get(), "azure")).isFalse();
        }
    }

    private static boolean isGood(Path file) throws Exception {
        try {
            return !Texts.read(Files.readString(file)).isEmpty();
        } catch (YamlInvalid e) {
            return false;
        }
    }

    @Test
    void aFolderThatIsGoneKeepsTheOldBook() throws Exception {
        try (var contracts = ContractFolder.open(folder, clock)) {
            ContractBook before = contracts.get();
            Files.move(folder, parent.resolve("elsewhere"));
            assertThat(contracts.refresh()).isFalse();
            assertThat(contracts.get()).isSameAs(before);
            assertThat(contracts.status().problems().getFirst().message()).contains("is not there");
        }
    }

    @Test
    void withoutAFolderNothingIsForbiddenUntilOneAppears() throws Exception {
        try (var none = ContractFolder.open(null, clock);
                var later = ContractFolder.open(parent.resolve("later"), clock)) {
            assertThat(none.get()).isSameAs(ContractBook.EMPTY);
            assertThat(none.refresh()).isFalse();
            assertThat(later.refresh()).isFalse();
            assertThat(allowed(later.get(), "bedrock")).isTrue();
            Files.move(folder, parent.resolve("later"));
            assertThat(later.refresh()).isTrue();
            assertThat(allowed(later.get(), "bedrock")).isFalse();
        }
    }

    @Test
    void refusesToStartOnBadContracts() throws Exception {
        Files.writeString(folder.resolve("a.yaml"), ONLY.replace("2026-06-01", "2026-06-31"));
        assertThatThrownBy(() -> ContractFolder.open(folder, clock))
                .isInstanceOf(YamlInvalid.class)
                .hasMessageContaining(
                        "contracts/a.yaml:13:18: contracts.c.clauses.only.to: there is no day");
    }
}
