package entrepot.protocols.anthropic.versions;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.anthropic.ApiVersion;
import entrepot.protocols.anthropic.v20230601.Version20230601;
import entrepot.protocols.anthropic.v20261021.Version20261021;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/** The versions of the API that are known here. */
public final class ApiVersions {

    /** The header that names a version; Anthropic demands it of every request. */
    public static final String HEADER = "anthropic-version";

    /**
     * What is sent with a request that was not written in a version: it takes whatever the others
     * take.
     */
    public static final ApiVersion WIDEST = new Version20230601();

    private static final Map<String, ApiVersion> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put(WIDEST.name(), WIDEST);
        var latest = new Version20261021();
        KNOWN.put(latest.name(), latest);
    }

    private ApiVersions() {}

    /**
     * The version that a header names.
     *
     * @param header its value; null when there was none
     * @throws Failed {@code INVALID_REQUEST} that names the header and the known versions
     */
    public static ApiVersion of(@Nullable String header) {
        if (header == null || header.isBlank()) {
            throw refused("The header '" + HEADER + "' is missing");
        }
        ApiVersion version = KNOWN.get(header.strip());
        if (version == null) {
            throw refused("The header '" + HEADER + "' names a version that is not known here");
        }
        return version;
    }

    private static Failed refused(String what) {
        String known = String.join(" or ", KNOWN.keySet());
        return new Failed(
                Failure.at(Cause.INVALID_REQUEST, what + "; send " + known + ".", HEADER));
    }
}
