package entrepot.gateway.door;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the route of a request. Literal segments win over parameters; segments are compared as they
 * were sent, so that no second spelling of a path reaches a route. Empty segments and dots match
 * nothing.
 */
public final class Router {

    private static final int SEGMENTS_MAX = 32;

    private final Node root = new Node();

    public Router(List<Route> routes) {
        routes.forEach(this::add);
    }

    /** What was found. */
    public sealed interface Found {

        /**
         * @param parameters decoded, by name
         */
        record Match(Route route, Map<String, String> parameters) implements Found {}

        /**
         * The path exists, the method does not.
         *
         * @param like a route of that path, for its way to tell errors
         */
        record OtherMethods(List<String> methods, Route like) implements Found {}

        record Nothing() implements Found {}
    }

    /**
     * @param path as sent, percent-encoded, without query
     */
    public Found find(String method, String path) {
        List<String> segments = segments(path);
        if (segments == null) {
            return new Found.Nothing();
        }
        var taken = new ArrayList<String>(4);
        Node node = walk(root, segments, 0, taken);
        if (node == null) {
            return new Found.Nothing();
        }
        Route route = node.routes.get(method);
        if (route == null) {
            return new Found.OtherMethods(
                    List.copyOf(node.routes.keySet()), node.routes.firstEntry().getValue());
        }
        return new Found.Match(route, parameters(route, taken));
    }

    private static @Nullable Node walk(
            Node node, List<String> segments, int at, List<String> taken) {
        if (at == segments.size()) {
            return node.routes.isEmpty() ? null : node;
        }
        String segment = segments.get(at);
        Node literal = node.literals.get(segment);
        if (literal != null) {
            Node found = walk(literal, segments, at + 1, taken);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter != null) {
            taken.add(segment);
            Node found = walk(node.parameter, segments, at + 1, taken);
            if (found != null) {
                return found;
            }
            taken.removeLast();
        }
        if (node.rest != null) {
            taken.add(String.join("/", segments.subList(at, segments.size())));
            return node.rest;
        }
        return null;
    }

    private void add(Route route) {
        Node node = root;
        for (String segment : route.path().substring(1).split("/")) {
            if (segment.startsWith("{") && segment.endsWith("...}")) {
                node = node.rest = node.rest == null ? new Node() : node.rest;
            } else if (segment.startsWith("{")) {
                node = node.parameter = node.parameter == null ? new Node() : node.parameter;
            } else {
                node = node.literals.computeIfAbsent(segment, name -> new Node());
            }
        }
        if (node.routes.putIfAbsent(route.method(), route) != null) {
            throw new IllegalArgumentException(
                    "two routes for " + route.method() + " " + route.path());
        }
    }

    private static Map<String, String> parameters(Route route, List<String> taken) {
        if (taken.isEmpty()) {
            return Map.of();
        }
        var parameters = new HashMap<String, String>();
        int at = 0;
        for (String segment : route.path().substring(1).split("/")) {
            if (segment.startsWith("{")) {
                String name = segment.substring(1, segment.length() - 1).replace("...", "");
                parameters.put(name, decode(taken.get(at++)));
            }
        }
        return parameters;
    }

    /** Null when no route can have such a path. */
    private static @Nullable List<String> segments(String path) {
        if (!path.startsWith("/")) {
            return null;
        }
        var segments = new ArrayList<String>(8);
        int from = 1;
        while (true) {
            int slash = path.indexOf('/', from);
            String segment = path.substring(from, slash < 0 ? path.length() : slash);
            if (segment.isEmpty()
                    || segment.equals(".")
                    || segment.equals("..")
                    || segments.size() == SEGMENTS_MAX) {
                return null;
            }
            segments.add(segment);
            if (slash < 0) {
                return segments;
            }
            from = slash + 1;
        }
    }

    /** A path segment, in which a plus sign is a plus sign. */
    private static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return segment;
        }
    }

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private final TreeMap<String, Route> routes = new TreeMap<>();
        private @Nullable Node parameter;
        private @Nullable Node rest;
    }
}
