package entrepot.runtime.tools.web;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Where an agent may look.
 *
 * @param allowed hosts, each with all beneath it; empty for everywhere
 */
record Domains(List<String> allowed) {

    Domains {
        allowed = allowed.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
    }

    boolean allows(String url) {
        String host;
        try {
            host = URI.create(url).getHost();
        } catch (IllegalArgumentException notAUrl) {
            return false;
        }
        if (host == null) {
            return false;
        }
        String lower = host.toLowerCase(Locale.ROOT);
        return allowed.isEmpty()
                || allowed.stream()
                        .anyMatch(each -> lower.equals(each) || lower.endsWith("." + each));
    }
}
