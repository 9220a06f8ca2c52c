package entrepot.gateway.corpus;

import java.util.List;

/** All dialects of which there are recordings. */
final class Tracks {

    static final List<Track> ALL =
            List.of(
                    new ChatTrack(),
                    new AzureTrack(),
                    new ResponsesTrack(),
                    new ConverseTrack(),
                    new MessagesTrack(),
                    new GeminiTrack());

    private Tracks() {}
}
