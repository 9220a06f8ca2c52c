package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;

/**
 * What one speaker says, as a prompt can hold it: {@code SYSTEM}, {@code USER} or {@code
 * ASSISTANT}.
 */
record Turn(Role role, String text) {

    Message message() {
        return Message.text(role, text);
    }

    Turn with(String other) {
        return new Turn(role, other);
    }
}
