package entrepot.protocols.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import entrepot.protocols.aws.AwsRequest.Header;
import entrepot.testkit.Recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A signed request to try the verifier with.
 *
 * @param wholeBody false when only the hash of the body is known
 */
record Signed(String name, AwsRequest request, byte[] body, boolean wholeBody, String secret) {

    static final String TEMPORARY_KEY = "ASIAEXAMPLE";

    private static final String JS_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String SECRET = "secretexample";
    private static final Pattern MARK = Pattern.compile("(?m)^### ");

    static final Map<String, String> SUITE_SECRETS = Map.of("AKIDEXAMPLE", JS_SECRET);

    @Override
    public String toString() {
        return name;
    }

    SecretLookup secrets() {
        return Map.of("AKIDEXAMPLE", secret, TEMPORARY_KEY, secret)::get;
    }

    Signed with(AwsRequest other) {
        return new Signed(name, other, body, wholeBody, secret);
    }

    /**
     * Every signed request that clients were seen to send; skips the test where they are absent.
     */
    static List<Signed> captured() {
        try (Stream<Path> files = Files.list(Recording.shared("captures"))) {
            var found = new ArrayList<Signed>();
            for (Path file : files.filter(f -> f.toString().endsWith(".http")).sorted().toList()) {
                String name = file.getFileName().toString();
                for (String part : MARK.split(new String(Files.readAllBytes(file), ISO_8859_1))) {
                    if (part.contains(SigV4.ALGORITHM)) {
                        found.add(captured(name, part));
                    }
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Signed captured(String file, String part) {
        int line = part.indexOf('\n') + 1;
        int end = part.indexOf("\r\n\r\n");
        List<String> head = Arrays.asList(part.substring(line, end).split("\r?\n"));
        List<Header> headers = headers(head.subList(1, head.size()));
        int length =
                headers.stream()
                        .filter(h -> h.name().equalsIgnoreCase("content-length"))
                        .mapToInt(h -> Integer.parseInt(h.value()))
                        .findFirst()
                        .orElse(0);
        int from = end + 4;
        byte[] body =
                part.substring(from, Math.min(from + length, part.length())).getBytes(ISO_8859_1);
        AwsRequest request = request(head.getFirst(), headers, body);
        boolean whole = !file.startsWith("cli-claude-code");
        if (!whole) {
            request =
                    new AwsRequest(
                            request.method(),
                            request.path(),
                            request.query(),
                            headers,
                            request.values(SigV4.CONTENT_SHA_256).getFirst());
        }
        boolean js = file.startsWith("js-aws-bedrock-runtime") && !part.contains(TEMPORARY_KEY);
        String secret = js ? JS_SECRET : SECRET;
        return new Signed(
                file + " " + part.substring(0, line).strip(), request, body, whole, secret);
    }

    /** A request of AWS's own suite: one byte in each char, lines ended by LF, some folded. */
    static AwsRequest ofSuite(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), ISO_8859_1);
        int blank = text.indexOf("\n\n");
        String head = blank < 0 ? text : text.substring(0, blank);
        String body = blank < 0 ? "" : text.substring(blank + 2);
        List<String> lines = Arrays.asList(head.strip().replace("\n ", " ").split("\n"));
        return request(
                lines.getFirst(),
                headers(lines.subList(1, lines.size())),
                body.getBytes(ISO_8859_1));
    }

    private static AwsRequest request(String requestLine, List<Header> headers, byte[] body) {
        int method = requestLine.indexOf(' ');
        String target = requestLine.substring(method + 1, requestLine.lastIndexOf(' '));
        int mark = target.indexOf('?');
        return AwsRequest.of(
                requestLine.substring(0, method),
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? "" : target.substring(mark + 1),
                headers,
                body);
    }

    private static List<Header> headers(List<String> lines) {
        return lines.stream()
                .map(line -> {
                    int colon = line.indexOf(':', 1);
                    return new Header(
                            line.substring(0, colon), line.substring(colon + 1).stripLeading());
                })
                .toList();
    }

    /** The text with each of its bits flipped in turn. */
    static List<String> flipped(String text) {
        var all = new ArrayList<String>();
        for (int bit = 0; bit < text.length() * 8; bit++) {
            var letters = text.toCharArray();
            letters[bit / 8] ^= (char) (1 << (bit % 8));
            all.add(new String(letters));
        }
        return all;
    }
}
