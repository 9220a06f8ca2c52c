package entrepot.runtime.tools.mcp;

import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/** Who answers when a server asks something in return, such as {@code elicitation/create}. */
interface Inputs {

    /** Nobody: servers are told so beforehand. */
    Inputs NONE =
            new Inputs() {
                @Override
                public ObjectNode capabilities() {
                    return Json.object();
                }

                @Override
                public Optional<ObjectNode> answer(String method, ObjectNode params) {
                    return Optional.empty();
                }
            };

    /** What may be asked. */
    ObjectNode capabilities();

    /** The result; empty when this is not answered. */
    Optional<ObjectNode> answer(String method, ObjectNode params);
}
