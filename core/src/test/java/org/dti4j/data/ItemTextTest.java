package org.dti4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '§',
            value = {
                "Father&#39;s Day~Father's Day",
                "F&amp;W~F&W",
                "A &amp;quot;B&amp;quot;~A \"B\"",
                "Caf&eacute; &#x201c;X&#x201d; &ndash; Y~Café “X” – Y",
                "<b>Bold</b> &lt;i&gt;title&lt;/i&gt;~Bold title",
                "Title <span class=\"a-size~Title",
                "I <3 NY & 5 < 6~I <3 NY & 5 < 6",
                "AT&T &unknown; &#99999999;~AT&T &unknown; &#99999999;",
                "by   Microsoft~by Microsoft"
            })
    void markupLeavesTheTextOfAmazonsTitles(String written, String text) {
        assertThat(ItemText.clean(Format.AMAZON_2018, "title", written)).isEqualTo(text);
    }

    @Test
    void piecesOfProductPagesAreNoText() {
        assertThat(ItemText.clean(Format.AMAZON_2018, "title", "var aPageStart = (new Date()).getTime();"))
                .isEmpty();
        assertThat(ItemText.clean(Format.AMAZON_2018, "brand", "by\n    \n    Microsoft"))
                .isEqualTo("Microsoft");
        assertThat(ItemText.clean(Format.AMAZON_2018, "brand", null)).isEmpty();
    }

    @Test
    void textsOfTablesKeepWhatLooksLikeMarkup() {
        assertThat(ItemText.clean(Format.TABLE, "title", "Use <b> &amp; <i>")).isEqualTo("Use <b> &amp; <i>");
        assertThat(ItemText.clean(Format.TABLE, "tags", "[\"a\", \"b\", 3]")).isEqualTo("a, b, 3");
    }
}
