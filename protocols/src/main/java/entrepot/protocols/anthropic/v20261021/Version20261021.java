package entrepot.protocols.anthropic.v20261021;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.anthropic.ApiVersion;

import tools.jackson.databind.JsonNode;

import java.util.Set;

/**
 * The version that the official clients send since October 2026. In answers nothing differs; of
 * requests it refuses three things, and says of each what to do instead.
 */
public final class Version20261021 implements ApiVersion {

    @Override
    public String name() {
        return "2026-10-21";
    }

    @Override
    public Set<String> removed() {
        return Set.of("temperature", "top_p", "top_k");
    }

    @Override
    public void check(JsonNode body) {
        JsonNode messages = body.path("messages");
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String path = "messages[" + i + "].content";
            switch (message.path("role").asString("")) {
                case "assistant" -> documents(message.path("content"), path);
                case "user" -> citations(message.path("content"), path);
                default -> {}
            }
        }
    }

    /** Only those that stand in the message itself: results of tools may still hold documents. */
    private void documents(JsonNode content, String path) {
        for (int i = 0; i < content.size(); i++) {
            if (isType(content.path(i), "document")) {
                throw refused(
                        path + "[" + i + "]",
                        "a document may not stand in a message of the assistant's; send it in a"
                                + " message of the user's.");
            }
        }
    }

    private void citations(JsonNode content, String path) {
        for (int i = 0; i < content.size(); i++) {
            JsonNode block = content.path(i);
            String at = path + "[" + i + "]";
            if (isType(block, "search_result")) {
                citations(block.path("content"), at + ".content");
            } else if (isType(block, "text")
                    && block.path("citations").isArray()
                    && !block.path("citations").isEmpty()) {
                throw refused(
                        at + ".citations",
                        "a text in a message of the user's may not have citations; leave them"
                                + " out.");
            }
        }
    }

    private static boolean isType(JsonNode block, String type) {
        return block.path("type").asString("").equals(type);
    }

    private Failed refused(String path, String why) {
        return new Failed(
                Failure.at(
                        Cause.INVALID_REQUEST,
                        "%s: in anthropic-version %s, %s".formatted(path, name(), why),
                        path));
    }
}
