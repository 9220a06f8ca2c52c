package entrepot.app.crash;

import java.net.URI;

/** One supplier that is scripted, and one model of it. */
final class CrashCatalogue {

    private CrashCatalogue() {}

    static String text(URI baseUrl) {
        return """
        suppliers:
          scripted:
            kind: openai-compatible
            base_url: %s
            key_env: CRASH_KEY
        models:
          crash/model:
            offers:
              - supplier: scripted
                name: crash
        """
                .formatted(baseUrl);
    }
}
