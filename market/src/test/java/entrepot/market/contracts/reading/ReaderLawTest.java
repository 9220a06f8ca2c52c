package entrepot.market.contracts.reading;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.ContractBook;
import entrepot.market.yaml.Problem;
import entrepot.market.yaml.YamlInvalid;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whatever stands in a file, it is read or refused in words. */
class ReaderLawTest {

    private static final List<String> WORDS =
            List.of(
                    "null",
                    "[]",
                    "{}",
                    "''",
                    "-1",
                    "1e9",
                    "0001-01-01",
                    "9999-12-31",
                    "2026-02-30",
                    "2026-06-01T00:00:00.000000001Z",
                    "all/only",
                    "only",
                    "terms",
                    "v/*",
                    "99999999999999999999 billion USD",
                    "9999y",
                    "azure",
                    "m");

    @Test
    void aChangedFileIsReadOrRefusedWithItsPlace() {
        var good = new int[1];
        var bad = new int[1];
        Seeds.each(
                1_500,
                seeds -> {
                    String text = changed(seeds);
                    try {
                        ContractBook book =
                                new ContractsReader().read(new TreeMap<>(Map.of("a.yaml", text)));
                        assertThat(
                                        book.inForce(
                                                AsOf.inHindsight(
                                                        Instant.parse("2026-03-01T00:00:00Z"))))
                                .isNotNull();
                        good[0]++;
                    } catch (YamlInvalid e) {
                        assertThat(e.problems()).isNotEmpty();
                        for (Problem problem : e.problems()) {
                            assertThat(problem.message()).isNotBlank();
                            assertThat(problem.line())
                                    .isBetween(1, text.split("\n", -1).length + 1);
                        }
                        bad[0]++;
                    }
                });
        if (Long.getLong("seed") == null) {
            assertThat(good[0]).isGreaterThan(50);
            assertThat(bad[0]).isGreaterThan(500);
        }
    }

    private static String changed(Seeds seeds) {
        var lines = new ArrayList<>(AllKinds.TEXT.lines().toList());
        for (int left = 1 + seeds.upTo(2); left > 0; left--) {
            int at = seeds.upTo(lines.size() - 1);
            String line = lines.get(at);
            switch (seeds.upTo(4)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(seeds.upTo(lines.size()), line);
                case 2 -> lines.set(at, line.replaceFirst(": [^,{\\[]+", ": " + seeds.pick(WORDS)));
                case 3 -> lines.set(at, line.replaceFirst("\\w+:", seeds.word() + ":"));
                default -> {
                    int cut = seeds.upTo(line.length());
                    lines.set(at, line.substring(0, cut) + seeds.text(2) + line.substring(cut));
                }
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
