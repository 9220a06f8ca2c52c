package entrepot.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

class RouterTest {

    private static final ErrorShape SHAPE =
            new ErrorShape() {
                @Override
                public int status(Failure failure) {
                    return 400;
                }

                @Override
                public byte[] body(Failure failure) {
                    return new byte[0];
                }
            };

    private final Router router =
            new Router(
                    List.of(
                            route("GET", "/v1/agents"),
                            route("GET", "/v1/agents/{agent_id}"),
                            route("POST", "/v1/agents/sessions"),
                            route("GET", "/v1/agents/sessions"),
                            route("GET", "/v1/agents/sessions/{session_id}"),
                            route("GET", "/v1/agents/sessions/{session_id}/turns/{turn_id}"),
                            route("GET", "/v1/models/{model...}")));

    @Test
    void literalsWinOverParameters() {
        assertThat(path("GET", "/v1/agents/sessions")).isEqualTo("/v1/agents/sessions");
        assertThat(path("GET", "/v1/agents/agent_1")).isEqualTo("/v1/agents/{agent_id}");
        assertThat(path("GET", "/v1/agents/sessions/s"))
                .isEqualTo("/v1/agents/sessions/{session_id}");
    }

    @Test
    void parametersAreDecodedAndNamed() {
        assertThat(parameters("/v1/agents/sessions/a%2Bb/turns/c+d"))
                .isEqualTo(Map.of("session_id", "a+b", "turn_id", "c+d"));
        assertThat(parameters("/v1/models/vendor/name")).isEqualTo(Map.of("model", "vendor/name"));
        assertThat(parameters("/v1/models/vendor%2Fname"))
                .isEqualTo(Map.of("model", "vendor/name"));
    }

    @Test
    void anotherMethodIsToldWhichThereAre() {
        assertThat(router.find("PUT", "/v1/agents/sessions"))
                .isInstanceOfSatisfying(
                        Router.Found.OtherMethods.class,
                        other -> assertThat(other.methods()).containsExactly("GET", "POST"));
    }

    /** R69: no second spelling of a path reaches a route. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "v1/agents",
                "/v1/agents/",
                "//v1/agents",
                "/v1//agents",
                "/v1/./agents",
                "/v1/x/../agents",
                "/V1/agents",
                "/v1/agents/sessions/s/turns",
                "/v1/%61gents",
                "http://x/v1/agents",
                "/v1/agents#@/health",
                "/v1/models/",
                "/v1/models/a//b",
                "/v1/models/a/../b"
            })
    void nothingElseMatches(String path) {
        assertThat(router.find("GET", path)).isInstanceOf(Router.Found.Nothing.class);
    }

    @Test
    void anEncodedLiteralIsAParameterAtMost() {
        assertThat(path("GET", "/v1/agents/%73essions")).isEqualTo("/v1/agents/{agent_id}");
    }

    @Test
    void twoRoutesForOnePathAreAMistake() {
        var route = route("GET", "/a/{b}");
        assertThatThrownBy(() -> new Router(List.of(route, route("GET", "/a/{c}"))))
                .hasMessageContaining("two routes");
    }

    private String path(String method, String path) {
        return ((Router.Found.Match) router.find(method, path)).route().path();
    }

    private Map<String, String> parameters(String path) {
        return ((Router.Found.Match) router.find("GET", path)).parameters();
    }

    private static Route route(String method, String path) {
        return new Route(method, path, null, SHAPE, call -> {});
    }
}
