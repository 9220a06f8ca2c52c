package entrepot.protocols.aws;

import java.util.List;

/**
 * A request as it is on the wire. Path, query and header values hold one byte in each char, as HTTP
 * engines give them (ISO-8859-1).
 *
 * @param path still encoded, never normalised, without the query: {@code %3A} and {@code :} differ
 * @param query still encoded, without the question mark; empty when there is none
 * @param headers in order; of HTTP/2's pseudo-headers {@code :authority} may be among them, else it
 *     is taken to equal {@code host}
 * @param bodySha256 of the whole body, in small hexadecimal digits
 */
public record AwsRequest(
        String method, String path, String query, List<Header> headers, String bodySha256) {

    private static final int BYTE_MAX = 0xff;

    public AwsRequest {
        headers = List.copyOf(headers);
        bytes("the method", method);
        bytes("the path", path);
        bytes("the query", query);
        headers.forEach(header -> bytes("the header " + header.name(), header.value()));
        if (!Digests.isHex(bodySha256)) {
            throw new IllegalArgumentException("bodySha256 is not 64 small hexadecimal digits");
        }
    }

    public static AwsRequest of(
            String method, String path, String query, List<Header> headers, byte[] body) {
        return new AwsRequest(method, path, query, headers, Digests.sha256Hex(body));
    }

    /** One header field; names compare without case. */
    public record Header(String name, String value) {

        /** The name only: the value may be a secret. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** All values under a name, in order. */
    List<String> values(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    private static void bytes(String what, String text) {
        if (text.chars().anyMatch(c -> c > BYTE_MAX)) {
            throw new IllegalArgumentException(what + " has letters that are no single bytes");
        }
    }

    /** Without query and values, which may hold secrets. */
    @Override
    public String toString() {
        return method + " " + path + " " + headers;
    }
}
