package entrepot.knowledge.sources;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a page or a site map leads, found without parsing it: it is not trusted. */
final class Links {

    private static final int LINKS_MAX = 2_000;
    private static final int URL_CHARS_MAX = 1_000;
    private static final Pattern ANCHOR =
            Pattern.compile(
                    "<a\\s[^>]{0,2000}?href\\s*=\\s*(?:\"([^\"]{1,2000})\"|'([^']{1,2000})')",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern PLACE = Pattern.compile("<loc>\\s*([^<\\s]{1,2000})\\s*</loc>");
    private static final Pattern NO_INDEX =
            Pattern.compile(
                    "<meta\\s[^>]{0,500}name\\s*=\\s*[\"']?robots[\"']?[^>]{0,500}noindex",
                    Pattern.CASE_INSENSITIVE);

    private Links() {}

    /** Addresses on the same host that a page leads to. */
    static List<URI> of(String page, URI base) {
        Set<URI> links = new LinkedHashSet<>();
        Matcher matcher = ANCHOR.matcher(page);
        while (matcher.find() && links.size() < LINKS_MAX) {
            String link = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            URI uri = resolved(base, unescaped(link));
            if (uri != null) {
                links.add(uri);
            }
        }
        return List.copyOf(links);
    }

    /** The addresses that a site map names, whether they are pages or other maps. */
    static List<URI> places(String map, URI base) {
        var places = new ArrayList<URI>();
        Matcher matcher = PLACE.matcher(map);
        while (matcher.find() && places.size() < LINKS_MAX * 10) {
            URI uri = resolved(base, unescaped(matcher.group(1)));
            if (uri != null) {
                places.add(uri);
            }
        }
        return places;
    }

    /** Whether a page asks not to be found. */
    static boolean isHidden(String page) {
        return NO_INDEX.matcher(page).find();
    }

    private static String unescaped(String text) {
        return text.replace("&amp;", "&").replace("&#38;", "&").strip();
    }

    /** An address on the base's host, in one spelling; null for all others. */
    static @Nullable URI resolved(URI base, String link) {
        try {
            URI uri = base.resolve(link.replace(" ", "%20")).normalize();
            if (uri.getHost() == null
                    || !uri.getHost().equalsIgnoreCase(base.getHost())
                    || !uri.getScheme().equalsIgnoreCase(base.getScheme())
                    || uri.getPort() != base.getPort()) {
                return null;
            }
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            String text =
                    uri.getScheme().toLowerCase(Locale.ROOT)
                            + "://"
                            + uri.getHost().toLowerCase(Locale.ROOT)
                            + port
                            + path
                            + query;
            return text.length() > URL_CHARS_MAX ? null : URI.create(text);
        } catch (IllegalArgumentException e) {
            return null; // Not an address: nothing to follow.
        }
    }
}
