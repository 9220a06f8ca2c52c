package entrepot.market.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.market.yaml.YamlInvalid;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

class AnthropicReaderTest {

    private static Supplier.Api.Anthropic read(String more) {
        String yaml =
                """
                suppliers:
                  a: {kind: anthropic, base_url: "https://api.anthropic.com", key_env: KEY%s}
                models:
                  anthropic/m:
                    offers: [{supplier: a, name: m, prices: free}]
                """
                        .formatted(more);
        var reader =
                new CatalogueReader(
                        Map.of(), new SecretSources(Map.of("KEY", "sk-ant-x"), Path.of(".")));
        var supplier = (Supplier.Remote) reader.read("test.yaml", yaml).supplier("a");
        assertThat(supplier).isNotNull();
        return (Supplier.Api.Anthropic) supplier.api();
    }

    @Test
    void leftOutTheKeyGoesOutAsAnthropicsOwnAndTodaysBetasAreTaken() {
        Supplier.Api.Anthropic api = read("");
        assertThat(api.bearer()).isFalse();
        assertThat(api.betas())
                .contains(
                        "claude-code-20250219",
                        "interleaved-thinking-2025-05-14",
                        "context-management-2025-06-27",
                        "per-turn-control-2026-07-01",
                        "mid-conversation-tool-changes-2026-07-01",
                        "thinking-token-count-2026-05-13",
                        "advanced-tool-use-2025-11-20",
                        "effort-2025-11-24");
    }

    @Test
    void theFileSaysHowTheKeyGoesOutAndWhichBetasAreTaken() {
        Supplier.Api.Anthropic api = read(", auth: bearer, betas: [one-2026, two-2026]");
        assertThat(api.bearer()).isTrue();
        assertThat(api.betas()).containsExactlyInAnyOrder("one-2026", "two-2026");
        assertThat(read(", betas: []").betas()).isEmpty();
    }

    @Test
    void whatTheCallDecidesCannotBeSetAsAHeader() {
        assertThatThrownBy(() -> read(", headers: {anthropic-beta: x}"))
                .isInstanceOf(YamlInvalid.class)
                .hasMessageContaining("is set by every call itself");
        assertThatThrownBy(() -> read(", auth: basic"))
                .isInstanceOf(YamlInvalid.class)
                .hasMessageContaining("x-api-key");
    }
}
