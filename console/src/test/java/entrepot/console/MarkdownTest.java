package entrepot.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkdownTest {

    @Test
    void a_citation_becomes_a_mark() {
        assertThat(Markdown.html("- “So it was.” [note-1.txt:12]"))
                .contains("<span class=\"cite\">note-1.txt:12</span>");
    }

    @Test
    void a_link_in_brackets_stays_a_link() {
        assertThat(Markdown.html("[see:1](https://example.org/)")).doesNotContain("cite");
    }

    @Test
    void raw_html_cannot_become_a_tag() {
        assertThat(Markdown.html("<script>alert(1)</script> and <b onclick=x>y</b>"))
                .doesNotContain("<script")
                .doesNotContain("<b ");
    }

    @Test
    void an_address_that_runs_a_script_is_taken_out() {
        assertThat(Markdown.html("[x](javascript:alert(1))")).doesNotContain("javascript:");
    }

    @Test
    void an_image_is_left_out_because_it_would_be_fetched() {
        assertThat(Markdown.html("before ![pixel](https://example.org/p.gif) after"))
                .doesNotContain("<img")
                .contains("before")
                .contains("after");
    }
}
