package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.protocols.Seals;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * {@code thinking} and {@code redacted_thinking}, and the proofs in them.
 *
 * <p>Both are reasoning with a sealed signature; what Anthropic redacted begins with a word of its
 * own within the seal, so that it is told apart wherever it was carried. Reasoning that no supplier
 * signed is given to callers with a mark in the signature's place: when it comes back, Anthropic
 * must not be sent it.
 */
final class MessagesReasoning {

    /** Stands for no signature: other suppliers' models do not sign what they think. */
    static final String UNSIGNED = "entrepot:unsigned";

    private static final String REDACTED = "redacted:";

    private MessagesReasoning() {}

    static Part read(Members block, JsonNode raw) {
        if (raw.path("type").asString("").equals("redacted_thinking")) {
            String data = block.requiredText("data");
            String sealed = Seals.seal(Seals.ANTHROPIC, REDACTED + data);
            return new Part.Reasoning("", sealed, block.extras(DIALECT));
        }
        String text = block.requiredText("thinking");
        String signature = block.text("signature");
        if (signature == null) {
            // Some servers that speak this dialect do not sign; what they said stays theirs.
            block.keep("type", StringNode.valueOf("thinking"));
        } else if (signature.isEmpty()) {
            block.keep("signature", StringNode.valueOf(""));
        }
        return new Part.Reasoning(text, sealed(signature), block.extras(DIALECT));
    }

    /** A signature as it stands in a block, sealed; null when it is none. */
    static @Nullable String sealed(@Nullable String signature) {
        return signature == null || signature.isEmpty() || signature.equals(UNSIGNED)
                ? null
                : Seals.seal(Seals.ANTHROPIC, signature);
    }

    /** Whether a signature is another origin's, or stands for none: not for Anthropic to see. */
    static boolean isForeign(String signature) {
        return signature.equals(UNSIGNED) || Seals.isElsewhere(Seals.ANTHROPIC, signature);
    }

    static @Nullable ObjectNode write(Part.Reasoning reasoning, MessagesBlocks.Reader reader) {
        if (reader == MessagesBlocks.Reader.SUPPLIER && !isUsable(reasoning)) {
            return null;
        }
        if (isSilent(reasoning)) {
            return null;
        }
        ObjectNode node = Json.object();
        String raw = raw(reasoning);
        if (raw != null && raw.startsWith(REDACTED)) {
            node.put("type", "redacted_thinking").put("data", raw.substring(REDACTED.length()));
        } else {
            node.put("type", "thinking").put("thinking", reasoning.text());
            if (raw != null) {
                node.put("signature", raw);
            }
        }
        return Residue.fill(node, reasoning.extras(), DIALECT);
    }

    /** The signature as it is written, or its mark; null when the block has none at all. */
    private static @Nullable String raw(Part.Reasoning reasoning) {
        if (reasoning.signature() != null) {
            return Seals.written(Seals.ANTHROPIC, reasoning.signature());
        }
        return isOurs(reasoning.extras()) ? null : UNSIGNED;
    }

    /** Whether there is neither text nor proof: nothing is lost without it (R31). */
    static boolean isSilent(Part.Reasoning reasoning) {
        return reasoning.text().isEmpty()
                && reasoning.signature() == null
                && reasoning.extras().isEmpty();
    }

    /** Whether a supplier of this dialect can use it: signed by Anthropic, or said as it came. */
    static boolean isUsable(Part.Reasoning reasoning) {
        return reasoning.signature() == null
                ? isOurs(reasoning.extras())
                : Seals.isOf(Seals.ANTHROPIC, reasoning.signature());
    }

    private static boolean isOurs(Extras extras) {
        return extras.dialect().equals(DIALECT)
                && (extras.members().containsKey("type")
                        || extras.members().containsKey("signature"));
    }
}
