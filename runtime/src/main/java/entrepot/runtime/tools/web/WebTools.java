package entrepot.runtime.tools.web;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code entrepot:web_search}: searching with the operator's search engine, and reading pages of
 * the public web. What an agent may do with it stands in the tool's metadata.
 */
public final class WebTools implements ToolServers {

    public static final String URL = "entrepot:web_search";

    /** What its server is called, and no other is. */
    public static final String LABEL = "web_search";

    private final Outside outside;
    private final @Nullable SearchProvider provider;

    /**
     * @param provider null where the operator has set up none
     */
    public WebTools(Outside outside, @Nullable SearchProvider provider) {
        this.outside = outside;
        this.provider = provider;
    }

    /**
     * What an agent is allowed.
     *
     * @param mode {@code live} or {@code disabled}
     * @param contextSize {@code low}, {@code medium} or {@code high}
     */
    public record Settings(String mode, String contextSize, List<String> allowedDomains) {

        public Settings {
            allowedDomains = List.copyOf(allowedDomains);
        }

        public ToolSpec.Server spec() {
            var json = JsonMapper.shared();
            Map<String, JsonNode> metadata =
                    Map.of(
                            "mode", json.valueToTree(mode),
                            "context_size", json.valueToTree(contextSize),
                            "allowed_domains", json.valueToTree(allowedDomains));
            ToolSpec.Server plain = ToolSpec.Server.at(LABEL, URL, null);
            return new ToolSpec.Server(
                    LABEL, plain.transport(), null, plain.origin(), null, metadata, false);
        }

        public static Settings of(ToolSpec.Server spec) {
            var domains = new ArrayList<String>();
            JsonNode given = spec.requestMetadata().get("allowed_domains");
            if (given != null) {
                given.forEach(each -> domains.add(each.asString("")));
            }
            return new Settings(
                    text(spec, "mode", "live"), text(spec, "context_size", "medium"), domains);
        }

        private static String text(ToolSpec.Server spec, String name, String usual) {
            JsonNode given = spec.requestMetadata().get(name);
            return given == null ? usual : given.asString(usual);
        }
    }

    @Override
    public Optional<ToolServer> find(ToolSpec.Server spec, Context context) {
        if (!spec.address().equals(URL)) {
            return Optional.empty();
        }
        Settings settings = Settings.of(spec);
        if (provider == null
                && context.sessionId() == null
                && !settings.mode().equals("disabled")) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "Web search is not set up on this server: its operator names a search"
                                    + " engine in web.yaml beside the catalogue. Until then leave"
                                    + " the tool 'web_search' out, or send the mode 'disabled'.",
                            "tools"));
        }
        return Optional.of(new WebServer(provider, new PageReader(outside), settings));
    }
}
