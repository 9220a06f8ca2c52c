package entrepot.runtime.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.http.CallFailed;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.Outgoing;
import entrepot.http.PublicAddresses;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;

class ReachTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.8.8.8",
                "169.254.169.254",
                "172.31.0.1",
                "192.0.0.8",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001:0:1::1",
                "2001:db8::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::127.0.0.1"
            })
    void privateAndSpecialAddressesAreNotCalled(String address) throws Exception {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.1.1.1", "93.184.216.34", "100.128.0.1", "172.32.0.1", "2606:4700::1111"})
    void publicAddressesAre(String address) throws Exception {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/mcp",
                "ftp://example.com/",
                "https://user:pw@example.com/",
                "https:///mcp",
                "https://example.com/#x",
                "/mcp",
                "not a url",
                "file:///etc/passwd",
                "http://localhost:8081/mcp"
            })
    void whatIsNoPublicHttpsUrlIsObjectedTo(String url) {
        assertThat(new Reach(List.of("localhost:8080")).objection(url)).isPresent();
    }

    @Test
    void theOperatorsHostsMayBePlainAndInside() {
        Reach reach = new Reach(List.of("LOCALHOST:8080", "tools.internal"));
        assertThat(reach.objection("http://localhost:8080/mcp")).isEmpty();
        assertThat(reach.objection("http://tools.internal/mcp")).isEmpty();
        assertThat(reach.objection("https://example.com/mcp?a=b")).isEmpty();
    }

    @Test
    void aNameThatPointsInsideIsNotConnectedTo() {
        try (Outside outside = new Outside(new Reach(List.of()))) {
            assertThatThrownBy(() -> outside.send(call("https://localhost:9/")))
                    .isInstanceOf(CallFailed.class)
                    .hasMessageContaining("no address that is allowed");
            assertThatThrownBy(() -> outside.send(call("http://127.0.0.1:9/")))
                    .isInstanceOf(CallFailed.class)
                    .hasMessageContaining("https://");
        }
    }

    private static Outgoing call(String url) {
        return new Outgoing("GET", URI.create(url), Headers.NONE, new byte[0], Clocks.DEFAULT);
    }
}
