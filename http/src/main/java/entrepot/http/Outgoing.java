package entrepot.http;

import java.net.URI;

/**
 * One call to make.
 *
 * @param uri absolute, {@code http} or {@code https}; its path goes out exactly as written
 */
public record Outgoing(String method, URI uri, Headers headers, byte[] body, Clocks clocks) {}
