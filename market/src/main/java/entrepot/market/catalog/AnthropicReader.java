package entrepot.market.catalog;

import entrepot.market.yaml.YamlMap;
import entrepot.market.yaml.YamlValue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads what only suppliers of kind {@code anthropic} must be told. */
final class AnthropicReader {

    static final String KIND = "anthropic";

    /**
     * What clients of the Messages API ask for today and Anthropic knows; it refuses requests that
     * name a beta it does not know. A list in the file takes the place of this one.
     */
    private static final Set<String> BETAS =
            Set.of(
                    "advanced-tool-use-2025-11-20",
                    "advisor-tool-2026-03-01",
                    "cache-diagnosis-2026-04-07",
                    "claude-code-20250219",
                    "code-execution-2025-05-22",
                    "code-execution-2025-08-25",
                    "compact-2026-01-12",
                    "compact-2026-09-04",
                    "computer-use-2024-10-22",
                    "computer-use-2025-01-24",
                    "computer-use-2025-11-24",
                    "context-1m-2025-08-07",
                    "context-management-2025-06-27",
                    "effort-2025-11-24",
                    "extended-cache-ttl-2025-04-11",
                    "fast-mode-2026-02-01",
                    "files-api-2025-04-14",
                    "fine-grained-tool-streaming-2025-05-14",
                    "inline-tools-2026-09-15",
                    "interleaved-thinking-2025-05-14",
                    "max-tokens-3-5-sonnet-2024-07-15",
                    "mcp-client-2025-04-04",
                    "mcp-client-2025-11-20",
                    "mcp-client-2026-09-15",
                    "mid-conversation-output-config-2026-07-01",
                    "mid-conversation-system-clear-at-2026-08-21",
                    "mid-conversation-tool-changes-2026-07-01",
                    "model-context-window-exceeded-2025-08-26",
                    "output-128k-2025-02-19",
                    "output-300k-2026-03-24",
                    "pdfs-2024-09-25",
                    "per-turn-control-2026-07-01",
                    "prompt-caching-2024-07-31",
                    "skills-2025-10-02",
                    "structured-outputs-2025-11-13",
                    "task-budgets-2026-03-13",
                    "thinking-binding-controls-2026-08-01",
                    "thinking-display-updates-2026-08-18",
                    "thinking-token-count-2026-05-13",
                    "token-counting-2024-11-01",
                    "token-efficient-tools-2025-02-19",
                    "tool-examples-2025-10-29",
                    "tool-search-tool-2025-10-19",
                    "web-fetch-2025-09-10",
                    "web-search-2025-03-05");

    private AnthropicReader() {}

    static Supplier.Api read(YamlMap map) {
        YamlValue auth = map.get("auth");
        String said = auth == null ? null : auth.oneOf(List.of("x-api-key", "bearer"));
        YamlValue betas = map.get("betas");
        return new Supplier.Api.Anthropic(
                "bearer".equals(said), betas == null ? BETAS : betas(betas));
    }

    private static Set<String> betas(YamlValue list) {
        var betas = new LinkedHashSet<String>();
        for (YamlValue each : list.list()) {
            String beta = each.text();
            if (beta != null) {
                betas.add(beta);
            }
        }
        return betas;
    }
}
