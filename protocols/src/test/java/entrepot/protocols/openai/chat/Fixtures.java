package entrepot.protocols.openai.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Files of the project that hold what recorded exchanges hold, for machines without those. */
final class Fixtures {

    private Fixtures() {}

    static String text(String name) {
        try (InputStream file = Fixtures.class.getResourceAsStream("/openai/chat/" + name)) {
            if (file == null) {
                throw new IllegalArgumentException("no fixture " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
