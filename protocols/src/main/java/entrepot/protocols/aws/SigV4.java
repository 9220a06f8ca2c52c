package entrepot.protocols.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;

/** The words of the scheme, and the text that is signed. */
final class SigV4 {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String TERMINATOR = "aws4_request";

    static final String AUTHORIZATION = "authorization";
    static final String HOST = "host";
    static final String HOST_OF_HTTP_2 = ":authority";
    static final String DATE = "x-amz-date";
    static final String CONTENT_SHA_256 = "x-amz-content-sha256";
    static final String SECURITY_TOKEN = "x-amz-security-token";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT)
                    .withZone(ZoneOffset.UTC);

    private static final int DAY_CHARS = 8;

    private SigV4() {}

    /** In the basic form of ISO 8601, such as {@code 20150830T123600Z}. */
    static String time(Instant instant) {
        return TIME.format(instant);
    }

    /**
     * @throws java.time.DateTimeException when it is no such time
     */
    static Instant instant(String time) {
        return TIME.parse(time, Instant::from);
    }

    static String day(Instant instant) {
        return time(instant).substring(0, DAY_CHARS);
    }

    static String credentialScope(Instant signedAt, AwsScope scope) {
        return String.join("/", day(signedAt), scope.region(), scope.service(), TERMINATOR);
    }

    static String stringToSign(Instant signedAt, AwsScope scope, String canonicalRequest) {
        return String.join(
                "\n",
                ALGORITHM,
                time(signedAt),
                credentialScope(signedAt, scope),
                Digests.sha256Hex(canonicalRequest.getBytes(ISO_8859_1)));
    }
}
