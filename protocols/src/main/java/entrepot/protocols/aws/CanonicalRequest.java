package entrepot.protocols.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The one text that both sides make of a request. What is one byte there is one char here.
 *
 * <p>The path is encoded once more than it is on the wire, so that {@code %3A} becomes {@code
 * %253A} and {@code :} becomes {@code %3A}: they are two paths with two signatures. A query is
 * decoded and encoded again, so that there both are the same; its plus sign is itself and no space.
 */
final class CanonicalRequest {

    static final int QUERY_PARAMETERS_MAX = 1000;

    private static final Pattern SPACES = Pattern.compile("[ \\t\\r\\n]+");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private CanonicalRequest() {}

    /** One parameter of a query, decoded: one byte in each char. */
    record Parameter(String name, String value) {}

    /**
     * @param signedHeaders small, sorted and present in the request
     * @param payloadHash a SHA-256 or one of the words that stand for none
     */
    static String text(
            AwsRequest request,
            List<Parameter> query,
            List<String> signedHeaders,
            String payloadHash) {
        var text = new StringBuilder();
        text.append(request.method()).append('\n');
        text.append(path(request.path())).append('\n');
        text.append(query(query)).append('\n');
        for (String name : signedHeaders) {
            text.append(name).append(':').append(header(request, name)).append('\n');
        }
        text.append('\n').append(String.join(";", signedHeaders)).append('\n');
        return text.append(payloadHash).toString();
    }

    /** Without empty and dot segments (RFC 3986 §5.2.4), every octet encoded once more. */
    static String path(String path) {
        var kept = new ArrayDeque<String>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.addLast(encode(segment));
            }
        }
        String end = path.endsWith("/") && !kept.isEmpty() ? "/" : "";
        return "/" + String.join("/", kept) + end;
    }

    /**
     * @throws IllegalArgumentException when the query cannot be decoded or has too many parts
     */
    static List<Parameter> parameters(String query) {
        var parameters = new ArrayList<Parameter>();
        for (String part : query.split("&")) {
            if (part.isEmpty()) {
                continue;
            }
            if (parameters.size() == QUERY_PARAMETERS_MAX) {
                throw new IllegalArgumentException(
                        "the query has over " + QUERY_PARAMETERS_MAX + " parameters");
            }
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            parameters.add(new Parameter(decode(name), decode(value)));
        }
        return parameters;
    }

    private static String query(List<Parameter> parameters) {
        return String.join(
                "&",
                parameters.stream()
                        .map(p -> new Parameter(encode(p.name()), encode(p.value())))
                        .sorted(
                                Comparator.comparing(Parameter::name)
                                        .thenComparing(Parameter::value))
                        .map(p -> p.name() + "=" + p.value())
                        .toList());
    }

    /** All values of a header that is there. */
    private static String header(AwsRequest request, String name) {
        List<String> values = values(request, name);
        if (values == null) {
            throw new IllegalStateException("no header " + name);
        }
        return String.join(
                ",", values.stream().map(v -> SPACES.matcher(v).replaceAll(" ").strip()).toList());
    }

    /** HTTP/2 clients sign the host under either of its names, whichever they send. */
    static @Nullable List<String> values(AwsRequest request, String name) {
        List<String> values = request.values(name);
        if (values.isEmpty() && name.equals(SigV4.HOST)) {
            values = request.values(SigV4.HOST_OF_HTTP_2);
        } else if (values.isEmpty() && name.equals(SigV4.HOST_OF_HTTP_2)) {
            values = request.values(SigV4.HOST);
        }
        return values.isEmpty() ? null : values;
    }

    private static String encode(String bytes) {
        var encoded = new StringBuilder(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (unreserved(c)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits((byte) c));
            }
        }
        return encoded.toString();
    }

    private static boolean unreserved(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || "-._~".indexOf(c) >= 0;
    }

    private static String decode(String encoded) {
        var bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            if (i + 2 >= encoded.length()
                    || !HexFormat.isHexDigit(encoded.charAt(i + 1))
                    || !HexFormat.isHexDigit(encoded.charAt(i + 2))) {
                throw new IllegalArgumentException(
                        "the query has a percent sign without two hexadecimal digits behind it");
            }
            bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
            i += 2;
        }
        return bytes.toString(ISO_8859_1);
    }
}
