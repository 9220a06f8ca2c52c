package entrepot.market.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.util.Objects.requireNonNull;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.http.Clocks;
import entrepot.market.Money;
import entrepot.market.catalog.Supplier.OpenAiApi;
import entrepot.market.prices.PriceBook;
import entrepot.market.prices.Rating;
import entrepot.market.prices.RatingQuestion;
import entrepot.market.prices.UnknownPrice;
import entrepot.market.yaml.YamlInvalid;
import entrepot.testkit.Golden;
import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

class CatalogueReaderTest {

    private static final String GOOD =
            """
            currency: USD
            suppliers:
              openai:
                kind: openai-compatible
                base_url: https://api.openai.com/v1/
                key_env: [OPENAI_KEY, SECOND_KEY]
                headers: {OpenAI-Organization: org-1}
                clocks: {connect: 2s, first_byte: 90s}
                calls_max: 7
              local:
                kind: openai-compatible
                base_url: http://127.0.0.1:11434/v1
            models:
              openai/gpt-5-mini:
                note: small and quick
                created: 1775000000
                context_tokens: 400_000
                output_tokens: 128000
                offers:
                  - supplier: openai
                    name: gpt-5-mini-2026-01-01
                    prices: {input: 0.25, cache_read: 0.025, output: 2}
                  - {supplier: local, name: tiny, prices: free}
                fallback: entrepot/extract-1
              meta/llama:
                offers:
                  - {supplier: local, name: tiny}
            aliases:
              small: openai/gpt-5-mini
            """;

    private static final List<OpenAiApi> CHAT = List.of(OpenAiApi.CHAT);

    @TempDir private Path folder;

    @Test
    void readsEverythingThatAFileMaySay() {
        Catalogue catalogue = read(GOOD);
        var openai = (Supplier.Remote) supplier(catalogue, "openai");
        assertThat(openai.baseUrl()).hasToString("https://api.openai.com/v1");
        assertThat(openai.credentials())
                .extracting(Supplier.Credential::source)
                .containsExactly("OPENAI_KEY", "SECOND_KEY");
        assertThat(openai.headers().get("openai-organization")).isEqualTo("org-1");
        assertThat(openai.clocks())
                .isEqualTo(
                        new Clocks(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(90),
                                Clocks.DEFAULT.idle(),
                                Clocks.DEFAULT.total()));
        assertThat(openai.callsMax()).isEqualTo(7);
        Model mini = model(catalogue, "openai/gpt-5-mini");
        assertThat(mini.vendor()).isEqualTo("openai");
        assertThat(mini.contextTokensMax()).isEqualTo(400_000L);
        assertThat(mini.fallback()).isEqualTo("entrepot/extract-1");
        assertThat(mini.offers()).hasSize(2);
        assertThat(catalogue.warnings()).isEmpty();
    }

    @Test
    void readsWhatAzureMustBeTold() {
        Catalogue catalogue =
                read(
                        """
                        suppliers:
                          plain: {kind: azure, base_url: "https://x.openai.azure.com/openai/v1/",
                            key_env: OPENAI_KEY}
                          dated: {kind: azure, base_url: "https://x.openai.azure.com",
                            api_version: 2024-10-21, auth: bearer, key_env: OPENAI_KEY}
                        """);
        var plain = (Supplier.Remote) supplier(catalogue, "plain");
        assertThat(plain.baseUrl()).hasToString("https://x.openai.azure.com");
        assertThat(plain.api()).isEqualTo(new Supplier.Api.Azure(null, false, CHAT));
        var dated = (Supplier.Remote) supplier(catalogue, "dated");
        assertThat(dated.api()).isEqualTo(new Supplier.Api.Azure("2024-10-21", true, CHAT));
    }

    @Test
    void r51WhichInterfacesASupplierHasIsSaidAndChatWhenItIsNot() {
        Catalogue catalogue =
                read(
                        """
                        suppliers:
                          plain: {kind: openai-compatible, base_url: "http://localhost:1/v1"}
                          both: {kind: openai-compatible, base_url: "http://localhost:1/v1",
                            apis: [responses, chat]}
                          new: {kind: azure, base_url: "https://x.openai.azure.com",
                            apis: responses}
                        """);
        assertThat(((Supplier.Remote) supplier(catalogue, "plain")).api())
                .isEqualTo(new Supplier.Api.OpenAiCompatible(CHAT));
        assertThat(((Supplier.Remote) supplier(catalogue, "both")).api())
                .isEqualTo(
                        new Supplier.Api.OpenAiCompatible(
                                List.of(OpenAiApi.RESPONSES, OpenAiApi.CHAT)));
        assertThat(((Supplier.Remote) supplier(catalogue, "new")).api())
                .isEqualTo(new Supplier.Api.Azure(null, false, List.of(OpenAiApi.RESPONSES)));
    }

    @Test
    void sellsWhatRunsInThisProcessWithoutBeingTold() {
        Catalogue catalogue = read("");
        assertThat(catalogue.models()).containsOnlyKeys("entrepot/extract-1");
        assertThat(catalogue.suppliers()).containsOnlyKeys("built-in");
    }

    @Test
    void findsAModelByAnyNameThatOnlyItHas() {
        Catalogue catalogue = read(GOOD);
        assertThat(catalogue.find("small")).isEqualTo(catalogue.find("openai/gpt-5-mini"));
        assertThat(catalogue.find("gpt-5-mini")).isNotNull();
        assertThat(catalogue.find("gpt-5-mini-2026-01-01")).isNotNull();
        assertThat(catalogue.find("tiny")).as("two models have it").isNull();
        assertThat(catalogue.hint("openai/gpt-5-mimi")).contains("'openai/gpt-5-mini'");
    }

    @Test
    void pricesExactly() {
        // R57: 3 x 0.25 + 1 x 0.025 + 2 x 2, all per million
        PriceBook prices = read(GOOD).prices();
        Usage plain = usage(Meter.FRESH_INPUT, 3, Meter.CACHE_READ, 1, Meter.OUTPUT, 2);
        assertThat(prices.rate(MINI, plain).cost()).isEqualTo(Money.of("0.000004775", "USD"));
        Usage thought = usage(Meter.OUTPUT, 1, Meter.REASONING, 1, Meter.CACHE_READ, 0);
        assertThat(prices.rate(MINI, thought).cost())
                .as("reasoning is billed as output")
                .isEqualTo(Money.of("0.000004", "USD"));
    }

    @Test
    void knowsNoCostWhereAPriceIsMissing() {
        // R60
        Catalogue catalogue = read(GOOD);
        PriceBook prices = catalogue.prices();
        Usage audio = usage(Meter.AUDIO_INPUT, 1, Meter.OUTPUT, 1, Meter.FRESH_INPUT, 1);
        assertThat(prices.rate(MINI, audio))
                .isEqualTo(
                        new Rating.Unknown(
                                Meter.AUDIO_INPUT,
                                "no price is known for audio_input of openai/gpt-5-mini at openai",
                                null,
                                prices.version()));
        assertThat(prices.rate(of("meta/llama", "local", "tiny"), audio).cost()).isNull();
        assertThat(prices.rate(of("openai/gpt-5-mini", "local", "tiny"), audio).cost())
                .isEqualTo(Money.zero("USD"));
    }

    @Test
    void r57ReadsDatedPricesByTierRegionAndThreshold() {
        Catalogue catalogue =
                read(
                        """
                        suppliers:
                          s: {kind: openai-compatible, base_url: "https://api.example.com/v1",
                            price_region: eu-west-1, on_cancel: drain, drains_max: 3}
                        models:
                          a/b:
                            offers:
                              - supplier: s
                                name: b
                                prices:
                                  - {input: 3, output: 15, per_request: 0.01,
                                     above: [{input_tokens: 200000, input: 6, output: 22.5}]}
                                  - {from: 2026-03-13, input: 2, output: 10}
                                  - {from: 2026-03-13, region: eu, input: 2.5, output: 11}
                                  - {tier: flex, input: 1, output: 5, currency: USD,
                                     hours: "22:00-06:00"}
                        """);
        var supplier = (Supplier.Remote) supplier(catalogue, "s");
        assertThat(supplier.options())
                .isEqualTo(new Supplier.Options(null, "eu-west-1", Supplier.OnCancel.DRAIN, 3));
        PriceBook prices = catalogue.prices();
        Usage million = usage(Meter.FRESH_INPUT, 1_000, Meter.OUTPUT, 0, Meter.REQUESTS, 0);
        var before = new RatingQuestion("a/b", "s", "b", Instant.parse("2026-03-12T23:59:59Z"));
        var after = new RatingQuestion("a/b", "s", "b", Instant.parse("2026-03-13T00:00:00Z"));
        assertThat(prices.rate(before, million).cost()).isEqualTo(Money.of("0.003", "USD"));
        assertThat(prices.rate(after, million).cost()).isEqualTo(Money.of("0.0025", "USD"));
        assertThat(prices.rate(before, million.withTier("flex")).cost())
                .isEqualTo(Money.of("0.001", "USD"));
        Usage searched = usage(Meter.REQUESTS, 2, Meter.OUTPUT, 0, Meter.IMAGES, 0);
        assertThat(prices.rate(before, searched).cost()).isEqualTo(Money.of("0.02", "USD"));
    }

    @Test
    void anOfferWithoutPricesTakesThePublicOnesOfWhereItIsSold() {
        Catalogue catalogue =
                read(
                        """
                        suppliers:
                          openai: {kind: openai-compatible, base_url: "https://api.openai.com/v1"}
                          proxy: {kind: openai-compatible, base_url: "http://127.0.0.1:1/v1"}
                          said: {kind: openai-compatible, base_url: "http://127.0.0.1:1/v1",
                            price_channel: openai}
                        models:
                          openai/gpt-4o:
                            offers:
                              - {supplier: openai, name: gpt-4o}
                              - {supplier: openai, name: gpt-4o, discount: 12.5}
                              - {supplier: proxy, name: gpt-4o}
                              - {supplier: said, name: gpt-4o-2024-08-06}
                              - {supplier: said, name: gpt-4o, prices: unknown}
                        """);
        PriceBook prices = catalogue.prices();
        Usage usage = usage(Meter.FRESH_INPUT, 4, Meter.OUTPUT, 1, Meter.IMAGES, 0);
        assertThat(prices.rate(of("openai/gpt-4o", "proxy", "gpt-4o"), usage).cost()).isNull();
        assertThat(prices.rate(of("openai/gpt-4o", "said", "gpt-4o"), usage).cost()).isNull();
        assertThat(prices.rate(of("openai/gpt-4o", "said", "gpt-4o-2024-08-06"), usage).cost())
                .isEqualTo(Money.of("0.00002", "USD"));
        assertThat(prices.rate(of("openai/gpt-4o", "openai", "gpt-4o"), usage).cost())
                .as("the last word on an offer that stands twice")
                .isEqualTo(Money.of("0.0000175", "USD"));
    }

    @Test
    void r60WhatBecomesOfUnknownPricesIsSaid() {
        assertThat(read("unknown_price: refuse").prices().unknown())
                .isEqualTo(new UnknownPrice.Refuse());
        assertThat(read("unknown_price: {ceiling: 100, ceiling_per_piece: 0.5}").prices().unknown())
                .isEqualTo(
                        new UnknownPrice.Ceiling(
                                "USD", new BigDecimal("100"), new BigDecimal("0.5")));
        assertThat(read("").prices().unknown()).isEqualTo(new UnknownPrice.Allow());
    }

    private static final RatingQuestion MINI =
            of("openai/gpt-5-mini", "openai", "gpt-5-mini-2026-01-01");

    private static RatingQuestion of(String model, String supplier, String name) {
        return new RatingQuestion(model, supplier, name, Instant.parse("2026-04-12T00:00:00Z"));
    }

    @Test
    void namesEqualTextsEqually() {
        // R61
        assertThat(read(GOOD).version()).isEqualTo(read(GOOD).version()).hasSize(12);
        assertThat(read(GOOD + "\n").version()).isNotEqualTo(read(GOOD).version());
        assertThat(read(GOOD)).isEqualTo(read(GOOD));
    }

    @Test
    void readsAKeyFromAFileBesideTheCatalogue() throws Exception {
        Files.writeString(folder.resolve("key.txt"), "sk-from-file\n");
        Catalogue catalogue = read(supplier("key_file: key.txt"));
        var secret = supplier(catalogue, "s").credentials().getFirst().secret();
        assertThat(secret).isNotNull();
        assertThat(secret.reveal()).isEqualTo("sk-from-file");
    }

    @Test
    void warnsOfAKeyInTheFileAndOfAKeyInTheClear() {
        Catalogue catalogue = read(supplier("key: sk-inline").replace("https://", "http://"));
        assertThat(catalogue.warnings()).hasSize(2);
        assertThat(catalogue.toString() + catalogue.suppliers() + catalogue.warnings())
                .doesNotContain("sk-inline");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown-words",
                "wrong-types",
                "missing",
                "duplicates",
                "unknown-suppliers",
                "bad-prices",
                "bad-addresses",
                "bad-keys",
                "bad-azure",
                "bad-aliases",
                "not-yaml",
                "a-list"
            })
    void saysWhatIsWrongAndWhereAndWhatWouldFixIt(String name) throws Exception {
        String text = resource("/golden/catalogue/" + name + ".yaml");
        YamlInvalid invalid =
                catchThrowableOfType(YamlInvalid.class, () -> read(name + ".yaml", text));
        assertThat(invalid).isNotNull();
        assertThat(invalid.getMessage()).doesNotContain("sk-secret");
        Golden.files().expect("catalogue/" + name + ".txt", invalid.getMessage() + "\n");
    }

    @Test
    void readsTheExampleThatPeopleCopy() throws Exception {
        Path example = Path.of(System.getProperty("entrepot.root"), "examples", "catalogue.yaml");
        Catalogue catalogue = read("examples/catalogue.yaml", Files.readString(example));
        assertThat(catalogue.find("small")).isNotNull();
        assertThat(catalogue.warnings()).isEmpty();
    }

    /** Whatever is wrong with a file is said of the file: line, column, what and how to fix it. */
    @Test
    void aSpoiltFileIsReadOrSaysWhatIsWrong() throws Exception {
        Path example = Path.of(System.getProperty("entrepot.root"), "examples", "catalogue.yaml");
        String sound = Files.readString(example);
        var refused = new AtomicInteger();
        Seeds.each(
                400,
                seeds -> {
                    try {
                        read("spoilt.yaml", spoilt(sound, seeds));
                    } catch (YamlInvalid invalid) {
                        refused.incrementAndGet();
                        assertThat(invalid.problems()).isNotEmpty();
                        assertThat(invalid.getMessage()).contains("spoilt.yaml:");
                    }
                });
        assertThat(refused).hasValueGreaterThan(100);
    }

    private static String spoilt(String sound, Seeds seeds) {
        var lines = new ArrayList<>(sound.lines().toList());
        for (int left = 1 + seeds.upTo(3); left > 0; left--) {
            int at = seeds.upTo(lines.size() - 1);
            String line = lines.get(at);
            switch (seeds.upTo(7)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, line);
                case 2 -> lines.set(at, "  " + line);
                case 3 -> lines.set(at, value(line, seeds.json(2).toString()));
                case 4 -> lines.set(at, value(line, "1e999999999"));
                case 5 -> lines.set(at, value(line, "[".repeat(500)));
                case 6 -> lines.set(at, value(line, "&a [*a, !!java.net.URL [x]]"));
                default -> lines.set(at, line.substring(seeds.upTo(line.length())) + seeds.text(3));
            }
        }
        return String.join("\n", lines);
    }

    /** A line with another value. */
    private static String value(String line, String value) {
        int colon = line.indexOf(':');
        return colon < 0 ? line + value : line.substring(0, colon) + ": " + value;
    }

    private static String resource(String name) throws IOException {
        try (InputStream bytes = CatalogueReaderTest.class.getResourceAsStream(name)) {
            return new String(requireNonNull(bytes).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Catalogue read(String text) {
        return read("entrepot.yaml", text);
    }

    private Catalogue read(String file, String text) {
        var environment =
                Map.of(
                        "ANTHROPIC_API_KEY",
                        "sk-ant-example",
                        "AWS_ACCESS_KEY_ID",
                        "AKIDEXAMPLE",
                        "AWS_SECRET_ACCESS_KEY",
                        "secret-example",
                        "OPENAI_API_KEY",
                        "sk-example",
                        "OPENAI_KEY",
                        "sk-first",
                        "SECOND_KEY",
                        "sk-second",
                        "PASTED",
                        "sk-secret x");
        return new CatalogueReader(
                        Map.of("entrepot/extract-1", "extracts, does not generate"),
                        new SecretSources(environment, folder))
                .read(file, text);
    }

    private static Supplier supplier(Catalogue catalogue, String id) {
        return requireNonNull(catalogue.supplier(id));
    }

    private static Model model(Catalogue catalogue, String id) {
        return requireNonNull(catalogue.models().get(id));
    }

    private static String supplier(String line) {
        return """
        suppliers:
          s:
            kind: openai-compatible
            base_url: https://api.example.com/v1
            %s
        """
                .formatted(line);
    }

    private static Usage usage(Meter a, long x, Meter b, long y, Meter c, long z) {
        return new Usage(Map.of(a, x, b, y, c, z), false);
    }
}
