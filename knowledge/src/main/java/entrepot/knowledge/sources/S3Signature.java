package entrepot.knowledge.sources;

import entrepot.identity.Secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of requests to S3, AWS Signature Version 4. Unlike at other services of AWS, the path
 * is signed as it is sent: encoded once and never normalised.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">
 *     Authenticating requests</a>
 */
final class S3Signature {

    /** SHA-256 of no bytes: requests that read have no body. */
    static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final int DAY_CHARS = 8;

    private final String region;
    private final Secret accessKeyId;
    private final Secret secretAccessKey;

    S3Signature(String region, Secret accessKeyId, Secret secretAccessKey) {
        this.region = region;
        this.accessKeyId = accessKeyId;
        this.secretAccessKey = secretAccessKey;
    }

    /**
     * The headers of a GET, signature included.
     *
     * @param path encoded, as it is sent
     * @param query parameters, not encoded
     * @param more headers to sign beside those that all requests have, by small names
     */
    SortedMap<String, String> headers(
            String host,
            String path,
            SortedMap<String, String> query,
            Map<String, String> more,
            Instant now) {
        String time = TIME.format(now);
        SortedMap<String, String> headers = new TreeMap<>(more);
        headers.put("host", host);
        headers.put("x-amz-content-sha256", EMPTY);
        headers.put("x-amz-date", time);
        String names = String.join(";", headers.keySet());
        String canonical =
                "GET\n"
                        + path
                        + "\n"
                        + query(query)
                        + "\n"
                        + headers.entrySet().stream()
                                .map(each -> each.getKey() + ":" + each.getValue() + "\n")
                                .collect(Collectors.joining())
                        + "\n"
                        + names
                        + "\n"
                        + EMPTY;
        String day = time.substring(0, DAY_CHARS);
        String scope = day + "/" + region + "/s3/aws4_request";
        String toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n" + Hashes.sha256(canonical);
        headers.put(
                "authorization",
                ALGORITHM
                        + " Credential="
                        + accessKeyId.reveal()
                        + "/"
                        + scope
                        + ",SignedHeaders="
                        + names
                        + ",Signature="
                        + HexFormat.of().formatHex(hmac(key(day), toSign)));
        return headers;
    }

    private byte[] key(String day) {
        byte[] secret = ("AWS4" + secretAccessKey.reveal()).getBytes(StandardCharsets.UTF_8);
        return hmac(hmac(hmac(hmac(secret, day), region), "s3"), "aws4_request");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has HMAC-SHA-256", e);
        }
    }

    /** A query as it is sent and signed. */
    static String query(SortedMap<String, String> query) {
        return query.entrySet().stream()
                .map(each -> encode(each.getKey(), false) + "=" + encode(each.getValue(), false))
                .collect(Collectors.joining("&"));
    }

    /**
     * RFC 3986's percent-encoding of everything that is not unreserved.
     *
     * @param path whether slashes stay
     */
    static String encode(String text, boolean path) {
        var encoded = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            boolean plain =
                    (c >= 'A' && c <= 'Z')
                            || (c >= 'a' && c <= 'z')
                            || (c >= '0' && c <= '9')
                            || "-._~".indexOf(c) >= 0
                            || (path && c == '/');
            if (plain) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return encoded.toString();
    }
}
