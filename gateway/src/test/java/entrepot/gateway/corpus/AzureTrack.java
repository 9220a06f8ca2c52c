package entrepot.gateway.corpus;

import entrepot.conversation.Request;
import entrepot.protocols.json.Json;
import entrepot.testkit.Recording;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chat Completions of Azure, where the address names the model and the body need not. */
final class AzureTrack extends ChatTrack {

    private static final Pattern PATH =
            Pattern.compile("/+openai/deployments/([^/]+)/chat/completions(\\?.*)?");

    @Override
    public List<String> files() {
        return List.of("azure-openai.jsonl");
    }

    @Override
    public @Nullable Call call(Recording recording) {
        Matcher path = PATH.matcher(recording.path());
        if (!path.matches() || recording.request().length == 0) {
            return null;
        }
        // An early client doubled the first slash, which we take for no spelling of a route; and
        // one recorder left queries out.
        String query = path.group(2) == null ? "?api-version=2024-10-21" : path.group(2);
        return new Call(
                "/openai/deployments/" + path.group(1) + "/chat/completions" + query,
                path.group(1),
                recording.json().path("stream").asBoolean(false),
                Map.of());
    }

    @Override
    public byte[] sent(Recording recording) {
        Matcher path = PATH.matcher(recording.path());
        ObjectNode body = (ObjectNode) recording.json();
        return path.matches() ? Json.write(body.put("model", path.group(1))) : recording.request();
    }

    @Override
    public Request asked(Call call, Recording recording) {
        return read(recording.path(), sent(recording));
    }

    @Override
    public List<String> supplier() {
        return List.of("kind: azure", "api_version: 2024-10-21");
    }
}
