package entrepot.protocols.anthropic.messages;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.Corpus;
import entrepot.protocols.anthropic.versions.ApiVersions;
import entrepot.protocols.openai.chat.ChatLosses;
import entrepot.protocols.openai.chat.ChatRequests;

import org.junit.jupiter.api.Test;

/** A real agent, unmodified, must reach any supplier. */
class ClaudeCodeTest {

    @Test
    void r39WhatItSendsCanBeToldToOthersAndItsBillingIsNot() {
        String capture = Corpus.capture("cli-claude-code-2.1.328.http");
        int body = capture.indexOf("\n{");
        byte[] bytes = capture.substring(body).strip().getBytes(UTF_8);
        Request request = MessagesRequests.read(bytes, ApiVersions.WIDEST);
        assertThat(ChatLosses.of(request))
                .isNotEmpty()
                .allMatch(loss -> loss.weight() == Loss.Weight.HINT);
        assertThat(new String(bytes, UTF_8)).contains("x-anthropic-billing-header");
        assertThat(new String(ChatRequests.write(request), UTF_8))
                .doesNotContain("x-anthropic-billing-header")
                .contains("built on Anthropic's Claude Agent SDK");
    }
}
