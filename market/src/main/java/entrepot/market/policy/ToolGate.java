package entrepot.market.policy;

import java.time.InstantSource;

/** Whether the policies in force let an agent use a tool, or want somebody's word first. */
public final class ToolGate {

    private final PolicyFolder folder;
    private final InstantSource clock;

    public ToolGate(PolicyFolder folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Costs nothing without policies of tools, and up to 1 ms with them. */
    public ToolRuling judge(ToolUse use) {
        return folder.get().tools().judge(use, clock.instant());
    }
}
