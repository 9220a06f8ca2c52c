package entrepot.runtime.tools.skills;

import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.skills.Skills;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Skills as a tool server: {@code entrepot:skills/SKILL}, {@code entrepot:skills/SKILL@VERSION}, or
 * several parted by commas. A version is a number or {@code latest}; the default where none is
 * named. A skill of another tenant or team is as if it were not there.
 */
public final class SkillTools implements ToolServers {

    public static final String URL_PREFIX = "entrepot:skills/";

    private static final int SKILLS_MAX = 50;

    private final Skills skills;

    public SkillTools(Skills skills) {
        this.skills = skills;
    }

    /**
     * A skill as an agent names it.
     *
     * @param version null for the default
     */
    public record Named(String skillId, @Nullable String version) {

        /** As a part of a tool's URL. */
        public String text() {
            return version == null ? skillId : skillId + "@" + version;
        }
    }

    /** The skills of a tool's URL; null when it is not that. */
    public static @Nullable List<Named> parse(String url) {
        if (!url.startsWith(URL_PREFIX)) {
            return null;
        }
        var all = new ArrayList<Named>();
        for (String each : url.substring(URL_PREFIX.length()).split(",", -1)) {
            if (!each.matches("[A-Za-z0-9_-]{1,64}(@([1-9][0-9]{0,8}|latest))?")) {
                return null;
            }
            int at = each.indexOf('@');
            all.add(
                    at < 0
                            ? new Named(each, null)
                            : new Named(each.substring(0, at), each.substring(at + 1)));
        }
        return all.size() <= SKILLS_MAX ? List.copyOf(all) : null;
    }

    @Override
    public Optional<ToolServer> find(ToolSpec.Server spec, Context context) {
        List<Named> named = parse(spec.address());
        if (named == null) {
            return Optional.empty();
        }
        var viewer = new Skills.Viewer(context.tenant(), context.team());
        // A session that there is finds out when it asks.
        boolean there =
                context.sessionId() != null
                        || named.stream()
                                .allMatch(each ->
                                        skills.version(viewer, each.skillId(), each.version())
                                                .isPresent());
        return there ? Optional.of(new SkillServer(skills, viewer, named)) : Optional.empty();
    }
}
