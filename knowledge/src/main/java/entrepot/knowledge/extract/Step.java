package entrepot.knowledge.extract;

import entrepot.knowledge.briefing.Briefing;

import java.util.List;

/** What the model does next. */
sealed interface Step {

    /** Calls tools, all at once. */
    record Call(List<Use> uses) implements Step {
        public Call {
            uses = List.copyOf(uses);
        }
    }

    /**
     * One use of a tool.
     *
     * @param arguments a JSON object
     */
    record Use(String tool, String arguments) {}

    /** Answers from documents. */
    record Answer(Briefing.Assignment assignment) implements Step {}

    /** Says something about itself. */
    record Say(String text) implements Step {}
}
