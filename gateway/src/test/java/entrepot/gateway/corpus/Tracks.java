package entrepot.gateway.corpus;

import java.util.List;
import java.util.stream.Stream;

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

    /** And what callers say besides: suppliers of it take each model in its maker's words. */
    static final List<Track> CALLERS =
            Stream.concat(ALL.stream(), Stream.of(new InvokeTrack())).toList();

    private Tracks() {}
}
