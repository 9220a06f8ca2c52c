package entrepot.protocols.matrix;

import entrepot.protocols.Dialect;
import entrepot.protocols.Voice;
import entrepot.protocols.anthropic.messages.MessagesDialect;
import entrepot.protocols.anthropic.messages.MessagesVoice;
import entrepot.protocols.bedrock.converse.ConverseDialect;
import entrepot.protocols.bedrock.converse.ConverseVoice;
import entrepot.protocols.openai.chat.ChatDialect;
import entrepot.protocols.openai.chat.ChatVoice;

import java.util.List;

/**
 * A dialect in the matrix.
 *
 * @param voice how a caller of it is answered, with everything that has to be given given
 */
record Column(Dialect dialect, Voice voice) {

    static final List<Column> ALL =
            List.of(
                    new Column(new ChatDialect(), new ChatVoice(7, true)),
                    new Column(new MessagesDialect(), new MessagesVoice(9, "req_1")),
                    new Column(new ConverseDialect(), new ConverseVoice(() -> 7)));

    @Override
    public String toString() {
        return dialect.name();
    }
}
